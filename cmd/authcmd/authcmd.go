// Package authcmd implements sbwatch auth and its subcommands. It also reads the stored key for other commands.
package authcmd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"sbwatch/credentials"
	"sbwatch/model/run"
	"sbwatch/model/settings"
	"sbwatch/model/text"
	"sbwatch/report"
)

// Program holds what the auth commands need from the rest of the program.
type Program struct {
	Stdout io.Writer
	// Say writes a line to standard error.
	Say func(line string)
	// Store contains the accounts.
	Store credentials.Store
	// KeyVariable is the name of the environment variable for the API key. HasKey reports whether the variable is set.
	KeyVariable string
	HasKey      func() bool
	// ReadKey reads a key from standard input. On a terminal, it asks for the key and does not show it.
	ReadKey func(ctx context.Context) (string, error)
	// AddServiceTo adds the flags that select the service, and returns two functions. The function host returns the host
	// of the service. The function check returns an error if a request with the key fails.
	AddServiceTo func(c *cobra.Command) (host func() string, check func(ctx context.Context, key string) error)
	// WrongUsage returns an error for a wrong command line. The error refers the user to the help of the given command,
	// such as "sbwatch run".
	WrongUsage func(text, command string) error
}

// Command returns the auth command with its subcommands.
func Command(p Program) *cobra.Command {
	c := &cobra.Command{
		Use:   "auth COMMAND",
		Short: "Store API keys in the keyring of the system",
		Long: `Store API keys in the keyring of the system, so that no environment variable is needed. If there is no keyring, for example
on a server, a key is stored in a file that only you can read.

Each key belongs to an account: "default", or the one that --account names. A key is sent only to the service for which it
was stored. ` + p.KeyVariable + ` and --api-key-file take precedence.`,
		Example: "  sbwatch auth login\n  sbwatch auth login --account client < key.txt\n  sbwatch usage --account client\n  sbwatch auth status",
	}
	for _, below := range []*cobra.Command{p.loginCommand(), p.statusCommand(), p.logoutCommand()} {
		below.DisableFlagsInUseLine = true
		below.ValidArgsFunction = cobra.NoFileCompletions
		c.AddCommand(below)
	}
	return c
}

func (p Program) noArgs(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return p.WrongUsage(c.Name()+" takes no arguments: use --account for the name of an account", c.CommandPath())
	}
	return nil
}

func (p Program) loginCommand() *cobra.Command {
	var name string
	var noKeyring, noCheck bool
	c := &cobra.Command{
		Use:   "login [flags]",
		Short: "Store an API key from standard input or from a prompt that hides it",
		Args:  p.noArgs,
	}
	host, check := p.AddServiceTo(c)
	AddAccountTo(c, &name)
	c.Flags().BoolVar(&noKeyring, "no-keyring", false, "store the key in a file that only you can read")
	c.Flags().BoolVar(&noCheck, "no-check", false, "store the key without asking the service whether it is valid")
	c.RunE = func(c *cobra.Command, _ []string) error {
		key, err := p.ReadKey(c.Context())
		if err != nil {
			return err
		}
		if !noCheck {
			if err := check(c.Context(), key); err != nil {
				return err
			}
		}
		store := p.Store
		store.UsesFiles = noKeyring
		saved, err := store.Save(cmp.Or(name, credentials.Default), host(), key)
		if err != nil {
			return problem(err, "use "+p.KeyVariable+" or --api-key-file instead")
		}
		p.Say("stored the key of account " + saved.Name + " for " + text.Printable(saved.Host) + " in " + location(saved))
		if p.HasKey() {
			p.Say(p.KeyVariable + " is set and takes precedence over the stored key")
		}
		return nil
	}
	return c
}

func (p Program) statusCommand() *cobra.Command {
	var reader bool
	c := &cobra.Command{
		Use:   "status [flags]",
		Short: "List the stored accounts, and show which key is used",
		Args:  p.noArgs,
		RunE: func(*cobra.Command, []string) error {
			accounts, err := p.Store.Accounts()
			if err != nil {
				return problem(err, "")
			}
			var rows [][]string
			for _, a := range accounts {
				rows = append(rows, []string{a.Name, text.Printable(a.Host), location(a)})
			}
			switch {
			case p.HasKey():
				p.Say("the key in " + p.KeyVariable + " is used")
			case len(accounts) == 0:
				p.Say("no key is stored: run sbwatch auth login to store one")
			}
			if len(accounts) == 0 {
				return nil
			}
			return report.WriteRows(p.Stdout, []string{"ACCOUNT", "SERVICE", "KEY IN"}, rows, reader)
		},
	}
	c.Flags().BoolVar(&reader, "screen-reader", false, report.ScreenReaderHelp)
	return c
}

func (p Program) logoutCommand() *cobra.Command {
	var name string
	c := &cobra.Command{
		Use:   "logout [flags]",
		Short: "Remove a stored key",
		Args:  p.noArgs,
		RunE: func(*cobra.Command, []string) error {
			name := cmp.Or(name, credentials.Default)
			if err := p.Store.Remove(name); err != nil {
				return p.accountProblem(name, err)
			}
			p.Say("removed account " + name)
			return nil
		},
	}
	AddAccountTo(c, &name)
	return c
}

// Key returns the stored key of an account for a host. An empty name selects the default account. If the default
// account has no key, isStored is false. A named account without a key is an error.
func (p Program) Key(name, host string) (key string, isStored bool, err error) {
	account := cmp.Or(name, credentials.Default)
	a, err := p.Store.Account(account)
	switch {
	case errors.Is(err, credentials.ErrNotFound) && name == "":
		return "", false, nil
	case err != nil:
		return "", false, p.accountProblem(account, err)
	case a.Host != host && name == "":
		return "", false, nil
	case a.Host != host:
		return "", false, problem(
			fmt.Errorf("the key of account %s is for %s and is not sent to %s", a.Name, a.Host, host), "use --api-key-file, or another account",
		)
	}
	key, err = p.Store.Key(a)
	if err != nil {
		return "", false, p.accountProblem(a.Name, err)
	}
	return key, true, nil
}

// accountProblem converts an error of the store of keys to a problem for the user. If no account has this name, the
// problem suggests the most similar name.
func (p Program) accountProblem(name string, err error) error {
	switch {
	case errors.Is(err, credentials.ErrNotFound):
	case errors.Is(err, credentials.ErrNoKeyring):
		return problem(fmt.Errorf("account %s: %w", name, err), "unlock the keyring, or use "+p.KeyVariable)
	default:
		return problem(fmt.Errorf("account %s: %w", name, err), "check the folder of the accounts, or use "+p.KeyVariable)
	}
	var known []string
	accounts, _ := p.Store.Accounts()
	for _, a := range accounts {
		known = append(known, a.Name)
	}
	return problem(errors.New(settings.Unknown("account", name, known)), "run sbwatch auth status to list the accounts")
}

// AddAccountTo adds the flag --account, which names an account.
func AddAccountTo(c *cobra.Command, name *string) {
	c.Flags().Var((*accountName)(name), "account", "account whose stored key is used (default: "+credentials.Default+")")
}

// accountName is the value of the flag --account.
type accountName string

// errName is the error for an invalid name of an account.
var errName = errors.New(`use letters, digits, "-", "_" and "."`)

// Set sets the name. It returns errName if the name is invalid.
func (n *accountName) Set(name string) error {
	if !credentials.IsName(name) {
		return errName
	}
	*n = accountName(name)
	return nil
}

// String returns the name.
func (n *accountName) String() string { return string(*n) }

// Type returns the placeholder for the value in the help.
func (*accountName) Type() string { return "name" }

// location returns "the keyring" or "a file", depending on where the key of an account is stored.
func location(a credentials.Account) string {
	if a.InKeyring {
		return "the keyring"
	}
	return "a file"
}

func problem(err error, nextStep string) error {
	return &run.Problem{Kind: run.ProblemKey, Summary: text.NewText(err.Error()), NextStep: text.NewText(nextStep), Cause: err}
}
