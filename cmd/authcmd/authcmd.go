// Package authcmd implements sbwatch auth and the commands below it, and reads the stored key for other commands.
package authcmd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"sbwatch/credentials"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/settings"
)

// Program is what the commands need of the program.
type Program struct {
	Stdout io.Writer
	// Say writes a line to standard error.
	Say func(line string)
	// Store keeps the accounts.
	Store credentials.Store
	// KeyVariable is the name of the environment variable of the key, and HasKey reports whether it is set.
	KeyVariable string
	HasKey      func() bool
	// ReadKey asks for a key without showing it, or reads it from standard input.
	ReadKey func(ctx context.Context) (string, error)
	// AddServiceTo adds the flags that select the service. The functions that it returns report the host of the service,
	// and check a key by requesting the usage of its account.
	AddServiceTo func(c *cobra.Command) (host func() string, check func(ctx context.Context, key string) error)
	// WrongUsage returns the error of a wrong command line.
	WrongUsage func(text, command string) error
}

// Command returns the command with those below it.
func Command(p Program) *cobra.Command {
	c := &cobra.Command{
		Use:   "auth COMMAND",
		Short: "Keep API keys in the keyring of the system",
		Long: `Keep API keys in the keyring of the system, so that no environment variable is needed. Where there is no keyring, for
example on a server, a key is kept in a file that only you can read.

Each key belongs to an account: "default", or the one that --account names. It is sent only to the service that it was
stored for. ` + p.KeyVariable + ` and --api-key-file take precedence.`,
		Example: "  sbwatch auth login\n  sbwatch auth login --account client < key.txt\n  sbwatch usage --account client\n  sbwatch auth status",
		Args:    cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return p.WrongUsage(fmt.Sprintf("unknown command %q", args[0]), c.CommandPath())
			}
			return c.Help()
		},
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
		return p.WrongUsage(c.Name()+" takes no arguments", c.CommandPath())
	}
	return nil
}

func (p Program) loginCommand() *cobra.Command {
	var name string
	var noKeyring, noCheck bool
	c := &cobra.Command{
		Use:   "login [flags]",
		Short: "Store an API key, which is read without echo or from standard input",
		Args:  p.noArgs,
	}
	host, check := p.AddServiceTo(c)
	AddAccountTo(c, &name)
	c.Flags().BoolVar(&noKeyring, "no-keyring", false, "keep the key in a file that only you can read")
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
		if noKeyring {
			store.Keyring = nil
		}
		saved, err := store.Save(cmp.Or(name, credentials.Default), host(), key)
		if err != nil {
			return problem(err, "use "+p.KeyVariable+" or --api-key-file instead")
		}
		p.Say("stored the key of account " + saved.Name + " for " + text.Printable(saved.Host) + " in " + place(saved))
		if p.HasKey() {
			p.Say(p.KeyVariable + " is set and takes precedence over it")
		}
		return nil
	}
	return c
}

func (p Program) statusCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "status",
		Short: "List the stored accounts, and say which key is used",
		Args:  p.noArgs,
		RunE: func(*cobra.Command, []string) error {
			accounts, err := p.Store.Accounts()
			if err != nil {
				return problem(err, "")
			}
			var b strings.Builder
			w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
			if len(accounts) > 0 {
				_, _ = fmt.Fprintln(w, "ACCOUNT\tSERVICE\tKEY IN")
			}
			for _, a := range accounts {
				_, _ = fmt.Fprintf(w, "%s\t%s\t%s\n", a.Name, text.Printable(a.Host), place(a))
			}
			_ = w.Flush()
			switch {
			case p.HasKey():
				p.Say("the key of " + p.KeyVariable + " is used")
			case len(accounts) == 0:
				p.Say("no key is stored: sbwatch auth login stores one")
			}
			_, err = io.WriteString(p.Stdout, b.String())
			return err
		},
	}
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

// Key returns the stored key of an account for a host; an empty name is the default account. found is false if no account was named and
// none is stored.
func (p Program) Key(name, host string) (key string, found bool, err error) {
	a, err := p.Store.Account(cmp.Or(name, credentials.Default))
	switch {
	case errors.Is(err, credentials.ErrNotFound) && name == "":
		return "", false, nil
	case err != nil:
		return "", false, p.accountProblem(name, err)
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

// accountProblem returns a problem with an account. It suggests a similar one if there is none with this name.
func (p Program) accountProblem(name string, err error) error {
	if !errors.Is(err, credentials.ErrNotFound) {
		return problem(fmt.Errorf("account %s: %w", name, err), "unlock the keyring, or use "+p.KeyVariable)
	}
	var known []string
	accounts, _ := p.Store.Accounts()
	for _, a := range accounts {
		known = append(known, a.Name)
	}
	return problem(errors.New(settings.Unknown("account", name, known)), "sbwatch auth status lists them")
}

// AddAccountTo adds the flag that names an account.
func AddAccountTo(c *cobra.Command, name *string) {
	c.Flags().Var((*accountName)(name), "account", "account whose stored key is used (default: "+credentials.Default+")")
}

// accountName is the value of --account.
type accountName string

// errName is the error of a name that cannot be used.
var errName = errors.New(`use letters, digits, "-", "_" and "."`)

// Set sets the name.
func (n *accountName) Set(name string) error {
	if !credentials.IsName(name) {
		return errName
	}
	*n = accountName(name)
	return nil
}

// String returns the name.
func (n *accountName) String() string { return string(*n) }

// Type returns the kind of the value, for help.
func (*accountName) Type() string { return "name" }

// place says where a key is.
func place(a credentials.Account) string {
	if a.InKeyring {
		return "the keyring"
	}
	return "a file"
}

func problem(err error, nextStep string) error {
	return &run.Problem{Kind: run.ProblemKey, Summary: text.NewText(err.Error()), NextStep: text.NewText(nextStep), Cause: err}
}
