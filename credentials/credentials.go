// Package credentials stores API keys in the keyring of the system. If there is no keyring, it stores them in files
// that only the user can read. Each key belongs to a named account and to one host.
package credentials

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"sbwatch/userfile"

	"github.com/zalando/go-keyring"
)

// Default is the name of the account that is used if the user names no account.
const Default = "default"

// service is the name of this program in the keyring.
const service = "sbwatch"

// Account describes a stored key. It does not contain the key.
type Account struct {
	Name string `json:"name"`
	// Host is the host for which the key is valid. It includes any port other than the default port.
	Host string `json:"host"`
	// InKeyring reports whether the key is in the keyring of the system. Otherwise it is in a file.
	InKeyring bool `json:"in_keyring"`
}

// Keyring is the keyring of the system.
type Keyring interface {
	Get(service, user string) (string, error)
	Set(service, user, password string) error
	Delete(service, user string) error
}

// Store stores accounts in a folder, and their keys in a keyring or in the same folder.
type Store struct {
	// Folder is the path of the folder. It is empty if there is no home directory.
	Folder string
	// Keyring is the keyring. It is nil if there is no keyring.
	Keyring Keyring
	// UsesFiles makes Save store keys in files even if there is a keyring.
	UsesFiles bool
}

// The errors of a [Store].
var (
	// ErrNotFound is the error for an account that is not in the store.
	ErrNotFound = errors.New("there is no such account")
	// ErrNoFolder is the error for a user without a home directory.
	ErrNoFolder = errors.New("there is no home directory to keep accounts in: set XDG_CONFIG_HOME")
	// ErrNoKeyring is the error for a key in a keyring that does not answer.
	ErrNoKeyring = errors.New("the key is in the keyring of the system, which does not answer")
)

// IsName reports whether an account may have this name: 1 to 64 letters, digits, "-", "_" and ".", and no "." at the
// start.
func IsName(name string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."
	return name != "" && len(name) <= 64 && name[0] != '.' && strings.Trim(name, letters) == ""
}

// Accounts returns the stored accounts, in the order of their names.
func (s Store) Accounts() ([]Account, error) {
	if s.Folder == "" {
		return nil, nil
	}
	content, err := userfile.Read(s.index(), maxFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var accounts []Account
	if err == nil {
		err = json.Unmarshal(content, &accounts)
	}
	if err != nil {
		return nil, fmt.Errorf("the list of accounts cannot be read: %w", err)
	}
	accounts = slices.DeleteFunc(accounts, func(a Account) bool { return !IsName(a.Name) })
	slices.SortFunc(accounts, func(a, b Account) int { return cmp.Compare(a.Name, b.Name) })
	return accounts, nil
}

// Account returns the account with this name. If there is no such account, the error is [ErrNotFound].
func (s Store) Account(name string) (Account, error) {
	accounts, err := s.Accounts()
	if err != nil {
		return Account{}, err
	}
	for _, a := range accounts {
		if a.Name == name {
			return a, nil
		}
	}
	return Account{}, ErrNotFound
}

// Key returns the key of an account.
func (s Store) Key(a Account) (string, error) {
	if !a.InKeyring {
		content, err := userfile.Read(s.file(a.Name), maxFile)
		return strings.TrimSpace(string(content)), err
	}
	if s.Keyring == nil {
		return "", ErrNoKeyring
	}
	var key string
	err := limited(func() (err error) {
		key, err = s.Keyring.Get(service, user(a))
		return err
	})
	switch {
	case errors.Is(err, keyring.ErrNotFound):
		return "", ErrNotFound
	case err != nil:
		return "", fmt.Errorf("%w (%w)", ErrNoKeyring, err)
	}
	return key, nil
}

// Save stores the key of an account, and replaces an earlier key. Save uses the keyring. If there is no keyring, or
// writing to the keyring fails, Save uses a file. The result says where the new key is. If the earlier key was in
// another place, Save removes it there.
func (s Store) Save(name, host, key string) (Account, error) {
	if s.Folder == "" {
		return Account{}, ErrNoFolder
	}
	earlier, _ := s.Account(name) // if the list cannot be read, update fails below
	a := Account{Name: name, Host: host}
	if s.Keyring != nil && !s.UsesFiles {
		a.InKeyring = true
		a.InKeyring = limited(func() error { return s.Keyring.Set(service, user(a), key) }) == nil
	}
	if err := os.MkdirAll(s.Folder, 0o700); err != nil {
		return Account{}, err
	}
	if a.InKeyring {
		if err := os.Remove(s.file(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return Account{}, fmt.Errorf("an older key cannot be removed: %w", err)
		}
	} else if err := userfile.Write(s.file(name), true, []byte(key+"\n")); err != nil {
		return Account{}, err
	}
	s.removeEarlier(earlier, a)
	return a, s.update(func(accounts []Account) []Account {
		others := slices.DeleteFunc(accounts, func(other Account) bool { return other.Name == name })
		return append(others, a)
	})
}

// removeEarlier removes the earlier key of an account from the keyring, unless the new key is stored in the keyring.
func (s Store) removeEarlier(earlier, saved Account) {
	isReplaced := saved.InKeyring && earlier.Host == saved.Host
	isBroken := !saved.InKeyring && !s.UsesFiles // Save has just tried the keyring
	if s.Keyring == nil || !earlier.InKeyring || isReplaced || isBroken {
		return
	}
	// The new key is stored, so a failure here is not an error.
	_ = limited(func() error { return s.Keyring.Delete(service, user(earlier)) })
}

// Remove removes an account and its key.
func (s Store) Remove(name string) error {
	a, err := s.Account(name)
	if err != nil {
		return err
	}
	if a.InKeyring {
		if s.Keyring == nil {
			return ErrNoKeyring
		}
		err := limited(func() error { return s.Keyring.Delete(service, user(a)) })
		if err != nil && !errors.Is(err, keyring.ErrNotFound) {
			return fmt.Errorf("%w (%w)", ErrNoKeyring, err)
		}
	}
	if err := os.Remove(s.file(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return s.update(func(accounts []Account) []Account {
		return slices.DeleteFunc(accounts, func(other Account) bool { return other.Name == name })
	})
}

// update calls the function edit with the list of accounts, and stores the list that edit returns.
func (s Store) update(edit func([]Account) []Account) error {
	accounts, err := s.Accounts()
	if err != nil {
		return err
	}
	content, err := json.MarshalIndent(edit(accounts), "", "  ")
	if err != nil {
		return err
	}
	return userfile.Write(s.index(), true, append(content, '\n'))
}

func (s Store) index() string { return filepath.Join(s.Folder, "accounts.json") }

// file returns the path of the file for the key of an account that does not use the keyring.
func (s Store) file(name string) string { return filepath.Join(s.Folder, name+".key") }

// user returns the user name of an account in the keyring, such as "default@api.webscrape.ai".
func user(a Account) string { return a.Name + "@" + a.Host }

// maxFile is the maximum size of the files in the folder, in bytes.
const maxFile = 1 << 20

// keyringTimeout is how long to wait for the keyring. It is long, because the user may have to enter a password to
// unlock the keyring.
const keyringTimeout = time.Minute

// errSlow is the error for a keyring that does not answer in time.
var errSlow = errors.New("no answer in a minute")

// limited calls a function of the keyring and returns its result. It waits no longer than [keyringTimeout].
func limited(call func() error) error {
	answered := make(chan error, 1)
	go func() { answered <- call() }()
	select {
	case err := <-answered:
		return err
	case <-time.After(keyringTimeout):
		return errSlow
	}
}

// System is the keyring of the operating system.
type System struct{}

// Get returns a key from the keyring.
func (System) Get(service, user string) (string, error) { return keyring.Get(service, user) }

// Set stores a key in the keyring.
func (System) Set(service, user, password string) error { return keyring.Set(service, user, password) }

// Delete removes a key from the keyring.
func (System) Delete(service, user string) error { return keyring.Delete(service, user) }
