package main_test

import (
	"go/ast"
	"path"
	"testing"
)

// Limits of size. Code beyond them is hard to read and to change.
const (
	maxMethods     = 50 // methods of a type
	maxRootMethods = 30 // methods of ui.App, which only passes messages on
	maxFiles       = 20 // files of a package, without tests
)

func TestTypesAndPackagesAreSmall(t *testing.T) {
	methods, files := map[string]int{}, map[string]int{}
	for _, file := range sourceFiles(t) {
		if file.isTest() {
			continue
		}
		files[file.room()]++
		for _, declaration := range file.Decls {
			if f, ok := declaration.(*ast.FuncDecl); ok && f.Recv != nil {
				methods[path.Join(file.room(), receiverOf(f))]++
			}
		}
	}
	for name, n := range methods {
		limit := maxMethods
		if name == "ui/App" {
			limit = maxRootMethods
		}
		if n > limit {
			t.Errorf("%s has %d methods, more than %d", name, n, limit)
		}
	}
	for folder, n := range files {
		if n > maxFiles {
			t.Errorf("package %s has %d files, more than %d", folder, n, maxFiles)
		}
	}
}

// receiverOf returns the name of the type that a method belongs to.
func receiverOf(f *ast.FuncDecl) string {
	receiver := f.Recv.List[0].Type
	if star, ok := receiver.(*ast.StarExpr); ok {
		receiver = star.X
	}
	switch receiver := receiver.(type) {
	case *ast.Ident:
		return receiver.Name
	case *ast.IndexExpr:
		if name, ok := receiver.X.(*ast.Ident); ok {
			return name.Name
		}
	}
	return f.Name.Name
}
