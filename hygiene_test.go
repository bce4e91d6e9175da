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
	path string // relative to the root, with slashes
}

// room returns the folder of the file. It is "." for the root.
func (f sourceFile) room() string { return path.Dir(f.path) }

func (f sourceFile) isTest() bool { return strings.HasSuffix(f.path, "_test.go") }

// sourceFiles returns all Go files of the project, for all operating systems.
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

// eachFile visits the files of the project, except those in private folders.
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

// isPrivate reports whether a folder belongs to a tool or contains generated files.
func isPrivate(folder string) bool {
	return folder == "bench/out" || strings.HasPrefix(folder, ".") && folder != "." && folder != ".ci"
}

func TestEveryPackageHasADocComment(t *testing.T) {
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

// TestNoInit checks that there are no init functions: they cannot be skipped, ordered or tested, and slow down every
// start.
func TestNoInit(t *testing.T) {
	for _, file := range sourceFiles(t) {
		for _, declaration := range file.Decls {
			if f, ok := declaration.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s has an init function", file.path)
			}
		}
	}
}

// TestNoPathsOfOneMachine checks that no file contains a path that exists only on one machine.
func TestNoPathsOfOneMachine(t *testing.T) {
	paths := regexp.MustCompile(`/(?:work/(?:main|shared)|root/|home/[a-z]+/go|Users/[a-z]+/go|tmp/(?:lint|brief|bash_jobs))\b`)
	eachFile(t, func(name string) {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if name == ".git" || name == "hygiene_test.go" || strings.Contains(string(content[:min(len(content), 8000)]), "\x00") {
			return // the link of a worktree, this test, or not a text file
		}
		if found := paths.Find(content); found != nil {
			t.Errorf("%s contains the path %s", name, found)
		}
	})
}

// TestSecurityNamesExistingTests checks that every test that SECURITY.md cites as a proof exists.
func TestSecurityNamesExistingTests(t *testing.T) {
	defined := map[string]bool{}
	for _, file := range sourceFiles(t) {
		for _, declaration := range file.Decls {
			if f, ok := declaration.(*ast.FuncDecl); ok && file.isTest() {
				defined[f.Name.Name] = true
			}
		}
	}
	content, err := os.ReadFile("SECURITY.md")
	if err != nil {
		t.Fatal(err)
	}
	cited := regexp.MustCompile("`((?:Test|Fuzz)[A-Za-z0-9]+)`").FindAllStringSubmatch(string(content), -1)
	if len(cited) == 0 {
		t.Error("SECURITY.md cites no tests")
	}
	for _, match := range cited {
		if !defined[match[1]] {
			t.Errorf("SECURITY.md cites %s, which does not exist", match[1])
		}
	}
}
