// Answers questions about clients/go/postern.go: a line of JSON for each line.
package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sort"
	"strings"
	"sync"
	"time"

	"ask/postern"
)

var (
	client = postern.New()
	lock   sync.Mutex
	seen   = []string{}
)

func add(word string) {
	lock.Lock()
	defer lock.Unlock()
	seen = append(seen, word)
}

// each are the errors that are joined in one.
func each(err error) []*postern.Error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []*postern.Error
		for _, one := range joined.Unwrap() {
			all = append(all, each(one)...)
		}
		return all
	}
	var one *postern.Error
	if !errors.As(err, &one) {
		panic(err)
	}
	return []*postern.Error{one}
}

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		err := client.Watch(ctx, os.Args[1], func(secret postern.Secret) { add(string(secret.Value)) })
		var problem *postern.Error
		if errors.As(err, &problem) {
			add(problem.Code)
		}
		ended <- err
	}()
	answer := func(question string, names ...string) (any, error) {
		switch question {
		case "seen":
			lock.Lock()
			defer lock.Unlock()
			return seen, nil
		case "cancel":
			started := time.Now()
			cancel()
			if err := <-ended; errors.Is(err, context.Canceled) {
				return []any{"cancelled", time.Since(started) < 2*time.Second}, nil
			} else {
				return nil, err
			}
		case "all":
			secrets, err := client.GetAll(context.Background(), names...)
			values := map[string]string{}
			for name, secret := range secrets {
				values[name] = string(secret.Value)
			}
			return values, err
		}
		secret, err := client.Get(context.Background(), names[0])
		value := string(secret.Value)
		if question == "bytes" {
			value = base64.StdEncoding.EncodeToString(secret.Value)
		}
		var version *string
		if secret.Version != "" {
			version = &secret.Version
		}
		printed := fmt.Sprintf("%v %+v %#v %s", secret, secret, secret, secret)
		return []any{value, secret.Stale, version, time.Since(secret.FetchedAt) < time.Minute, strings.Contains(printed, "canary")}, err
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		result, err := answer(words[0], words[1:]...)
		if err != nil {
			all := each(err)
			sort.Slice(all, func(i, j int) bool { return all[i].Status > all[j].Status })
			worst, names := all[0], []string{}
			for _, one := range all {
				names = append(names, one.Name+" "+one.Code)
			}
			sort.Strings(names)
			result = map[string]any{
				"error":   []any{worst.Status, worst.Code, worst.RetryAfter > 0, worst.Temporary(), worst.Detail != ""},
				"names":   names,
				"message": err.Error(),
			}
		}
		if err := json.NewEncoder(os.Stdout).Encode(result); err != nil {
			panic(err)
		}
	}
}
