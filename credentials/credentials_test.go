package credentials

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/zalando/go-keyring"
)

// fakeKeyring keeps keys in memory. Its methods return err, or wait for hang to be closed.
type fakeKeyring struct {
	keys map[string]string
	err  error
	hang chan struct{}
}

func (k *fakeKeyring) fail() error {
	if k.hang != nil {
		<-k.hang
	}
	return k.err
}

func (k *fakeKeyring) Get(service, user string) (string, error) {
	if err := k.fail(); err != nil {
		return "", err
	}
	key, found := k.keys[service+"/"+user]
	if !found {
		return "", keyring.ErrNotFound
	}
	return key, nil
}

func (k *fakeKeyring) Set(service, user, password string) error {
	if err := k.fail(); err != nil {
		return err
	}
	k.keys[service+"/"+user] = password
	return nil
}

func (k *fakeKeyring) Delete(service, user string) error {
	delete(k.keys, service+"/"+user)
	return k.fail()
}

const host, key = "api.example", "wsg_live_abcdefghijklmnopqrstuvwxyz012345"

// filesWith returns the names of the files in a folder that contain a text.
func filesWith(t *testing.T, folder, text string) []string {
	t.Helper()
	var found []string
	_ = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			content, _ := os.ReadFile(path)
			if strings.Contains(string(content), text) {
				found = append(found, entry.Name())
			}
		}
		return nil
	})
	return found
}

func TestKeyInKeyring(t *testing.T) {
	ring := &fakeKeyring{keys: map[string]string{}}
	s := Store{Folder: filepath.Join(t.TempDir(), "accounts"), Keyring: ring}
	saved, err := s.Save("work", host, key)
	if err != nil || !saved.InKeyring {
		t.Fatalf("got %+v, %v", saved, err)
	}
	if found := filesWith(t, s.Folder, key); len(found) > 0 {
		t.Errorf("the key is in %v", found)
	}
	a, err := s.Account("work")
	if err != nil || a != saved {
		t.Fatalf("got %+v, %v", a, err)
	}
	if got, err := s.Key(a); got != key || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if err := s.Remove("work"); err != nil || len(ring.keys) != 0 {
		t.Errorf("%v, and the keyring has %d keys", err, len(ring.keys))
	}
	if _, err := s.Account("work"); !errors.Is(err, ErrNotFound) {
		t.Errorf("got the error %v", err)
	}
}

func TestKeyInFileWithoutKeyring(t *testing.T) {
	for name, ring := range map[string]Keyring{"none": nil, "broken": &fakeKeyring{err: errors.New("no bus")}} {
		t.Run(name, func(t *testing.T) {
			s := Store{Folder: filepath.Join(t.TempDir(), "accounts"), Keyring: ring}
			saved, err := s.Save(Default, host, key)
			if err != nil || saved.InKeyring {
				t.Fatalf("got %+v, %v", saved, err)
			}
			info, err := os.Stat(filepath.Join(s.Folder, "default.key"))
			if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
				t.Errorf("the permissions are %v, %v", info.Mode(), err)
			}
			if got, err := s.Key(saved); got != key || err != nil {
				t.Errorf("got %q, %v", got, err)
			}
			if err := s.Remove(Default); err != nil || len(filesWith(t, s.Folder, key)) > 0 {
				t.Errorf("%v, and the key is in %v", err, filesWith(t, s.Folder, key))
			}
		})
	}
}

// TestKeyMovesToTheKeyring saves a key without a keyring and then again with one. No copy of the key may stay in a
// file.
func TestKeyMovesToTheKeyring(t *testing.T) {
	s := Store{Folder: t.TempDir()}
	if _, err := s.Save("a", host, key); err != nil {
		t.Fatal(err)
	}
	s.Keyring = &fakeKeyring{keys: map[string]string{}}
	if saved, err := s.Save("a", host, key); err != nil || !saved.InKeyring || len(filesWith(t, s.Folder, key)) > 0 {
		t.Errorf("got %+v, %v; the key is in %v", saved, err, filesWith(t, s.Folder, key))
	}
	accounts, err := s.Accounts()
	if err != nil || len(accounts) != 1 {
		t.Errorf("got %v, %v", accounts, err)
	}
}

// A key that moves to a file or to another host leaves no copy in the keyring.
func TestKeyLeavesTheKeyring(t *testing.T) {
	for name, c := range map[string]struct {
		usesFiles bool
		host      string
		left      int
	}{"to a file": {true, host, 0}, "to another host": {false, "other.example", 1}, "same place": {false, host, 1}} {
		t.Run(name, func(t *testing.T) {
			ring := &fakeKeyring{keys: map[string]string{}}
			s := Store{Folder: t.TempDir(), Keyring: ring}
			if _, err := s.Save("a", host, "old"); err != nil {
				t.Fatal(err)
			}
			s.UsesFiles = c.usesFiles
			saved, err := s.Save("a", c.host, key)
			if err != nil || saved.InKeyring == c.usesFiles {
				t.Errorf("got %+v, %v", saved, err)
			}
			if got, err := s.Key(saved); got != key || err != nil {
				t.Errorf("got %q, %v", got, err)
			}
			if len(ring.keys) != c.left {
				t.Errorf("the keyring has %v", ring.keys)
			}
		})
	}
}

func TestSlowKeyringIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hang := make(chan struct{})
		defer close(hang)
		s := Store{Folder: t.TempDir(), Keyring: &fakeKeyring{hang: hang}}
		if _, err := s.Key(Account{Name: "a", InKeyring: true}); !errors.Is(err, ErrNoKeyring) {
			t.Errorf("got the error %v", err)
		}
	})
}

func TestAccountsAreSorted(t *testing.T) {
	s := Store{Folder: t.TempDir()}
	for _, name := range []string{"b", "c", "a", "b"} {
		if _, err := s.Save(name, host, key); err != nil {
			t.Fatal(err)
		}
	}
	accounts, err := s.Accounts()
	if err != nil || len(accounts) != 3 || !slices.IsSortedFunc(accounts, func(a, b Account) int { return strings.Compare(a.Name, b.Name) }) {
		t.Errorf("got %v, %v", accounts, err)
	}
	for _, broken := range []string{"", "{", `[{"name":"../x"}]`, "[1]"} {
		if err := os.WriteFile(s.index(), []byte(broken), 0o600); err != nil {
			t.Fatal(err)
		}
		if accounts, _ := s.Accounts(); len(accounts) > 0 {
			t.Errorf("%q: got %v", broken, accounts)
		}
	}
}

func TestIsName(t *testing.T) {
	for name, want := range map[string]bool{
		"default": true, "team-1_x.y": true, "": false, ".": false, "..": false, ".x": false, "a/b": false, `a\b`: false, "a b": false,
		"é": false, strings.Repeat("x", 64): true, strings.Repeat("x", 65): false,
	} {
		if IsName(name) != want {
			t.Errorf("%q: got %v", name, !want)
		}
	}
}
