// Reads by Vault's client for Go, as `vault kv get` does: it asks for the mount first.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"strconv"
	"strings"

	"clients"

	"github.com/hashicorp/vault/api"
	"github.com/hashicorp/vault/api/auth/kubernetes"
)

func main() {
	client, err := api.NewClient(api.DefaultConfig())
	if err != nil {
		log.Fatal(err)
	}
	get := func(path, version string) (any, error) {
		mount, err := client.Logical().Read("sys/internal/ui/mounts/" + path)
		if err != nil {
			return nil, err
		}
		at, _ := mount.Data["path"].(string)
		options, _ := mount.Data["options"].(map[string]any)
		kv := client.KVv1(strings.TrimSuffix(at, "/")).Get
		if options["version"] == "2" {
			number, _ := strconv.Atoi(version)
			kv = func(context context.Context, name string) (*api.KVSecret, error) {
				return client.KVv2(strings.TrimSuffix(at, "/")).GetVersion(context, name, number)
			}
		}
		secret, err := kv(context.Background(), strings.TrimPrefix(path, at))
		if err != nil {
			return nil, err
		}
		return secret.Data, nil
	}
	clients.Answer(map[string]clients.Function{
		"get":     func(names ...string) (any, error) { return get("secret/"+names[0], "0") },
		"version": func(names ...string) (any, error) { return get("secret/"+names[0], names[1]) },
		"first":   func(names ...string) (any, error) { return get("kv/"+names[0], "0") },
		"names": func(names ...string) (any, error) {
			list, err := client.Logical().List("secret/metadata/" + strings.Join(names, ""))
			if err != nil {
				return nil, err
			}
			if list == nil {
				return []any{}, nil
			}
			return list.Data["keys"], nil
		},
		"put": func(names ...string) (any, error) {
			return client.KVv2("secret").Put(context.Background(), names[0], map[string]any{"a": "b"})
		},
		"login": func(names ...string) (any, error) {
			login, err := kubernetes.NewKubernetesAuth("any", kubernetes.WithServiceAccountTokenPath(names[0]))
			if err != nil {
				return nil, err
			}
			token := client.Token()
			defer client.SetToken(token)
			if _, err := client.Auth().Login(context.Background(), login); err != nil {
				return nil, err
			}
			return get("secret/app/json", "0")
		},
		"lookup": func(...string) (any, error) {
			self, err := client.Auth().Token().LookupSelf()
			if err != nil {
				return nil, err
			}
			return self.Data["display_name"], nil
		},
		"sealed": func(...string) (any, error) {
			status, err := client.Sys().SealStatus()
			if err != nil {
				return nil, err
			}
			return status.Sealed, nil
		},
	}, func(err error) string {
		var failed *api.ResponseError
		switch {
		case errors.Is(err, api.ErrSecretNotFound):
			return "404"
		case errors.As(err, &failed):
			return strconv.Itoa(failed.StatusCode)
		default:
			fmt.Fprintln(os.Stderr, err)
			return err.Error()
		}
	})
}
