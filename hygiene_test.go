package main_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

// sourceFile is one Go file of the project.
type sourceFile struct {
	*ast.File
	path string // from the root, with slashes
}

// room is the folder that the file is in; "." for the root.
func (f sourceFile) room() string { return path.Dir(f.path) }

func (f sourceFile) isTest() bool { return strings.HasSuffix(f.path, "_test.go") }

// sourceFiles are all Go files of the project, whatever system they are for.
func sourceFiles(t *testing.T) []sourceFile {
	t.Helper()
	var files []sourceFile
	eachFile(t, func(name string) {
		if path.Ext(name) != ".go" || strings.Contains(name, "testdata/") {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, sourceFile{File: file, path: name})
	})
	return files
}

// eachFile visits the files of the project, but for what its tools keep in hidden folders of their own.
func eachFile(t *testing.T, visit func(name string)) {
	t.Helper()
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && isPrivate(name):
			return fs.SkipDir
		case entry.Type().IsRegular():
			visit(name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// isPrivate tells of a folder whether it belongs to a tool, or holds what a tool has made.
func isPrivate(folder string) bool {
	return folder == "bench/out" || strings.HasPrefix(folder, ".") && folder != "." && folder != ".ci"
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	documented := map[string]bool{}
	for _, file := range sourceFiles(t) {
		if !file.isTest() {
			documented[file.room()] = documented[file.room()] || file.Doc.Text() != ""
		}
	}
	for room, ok := range documented {
		if !ok {
			t.Errorf("package %s has no doc comment", room)
		}
	}
}

// What an init does cannot be left out, ordered or tested, and every start pays for it.
func TestNoInit(t *testing.T) {
	for _, file := range sourceFiles(t) {
		for _, declaration := range file.Decls {
			if f, ok := declaration.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s has an init()", file.path)
			}
		}
	}
}

// A path of one machine works on that machine only, and tells about it.
func TestNoPathsOfOneMachine(t *testing.T) {
	paths := regexp.MustCompile(`/(?:work/(?:main|shared)|root/|home/[a-z]+/go|Users/[a-z]+/go|tmp/(?:lint|brief|bash_jobs))\b`)
	eachFile(t, func(name string) {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if name == "hygiene_test.go" || strings.Contains(string(content[:min(len(content), 8000)]), "\x00") {
			return // this test, or no text
		}
		if found := paths.Find(content); found != nil {
			t.Errorf("%s holds %s", name, found)
		}
	})
}
