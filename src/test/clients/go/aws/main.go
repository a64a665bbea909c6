// Reads by the AWS SDK for Go.
package main

import (
	"context"
	"errors"
	"log"

	"clients"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/smithy-go"
)

func main() {
	settings, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	client := secretsmanager.NewFromConfig(settings)
	get := func(input *secretsmanager.GetSecretValueInput) (any, error) {
		secret, err := client.GetSecretValue(context.Background(), input)
		switch {
		case err != nil:
			return nil, err
		case secret.SecretString != nil:
			return *secret.SecretString, nil
		default:
			return secret.SecretBinary, nil
		}
	}
	clients.Answer(map[string]clients.Function{
		"get": func(names ...string) (any, error) {
			return get(&secretsmanager.GetSecretValueInput{SecretId: &names[0]})
		},
		"stage": func(names ...string) (any, error) {
			return get(&secretsmanager.GetSecretValueInput{SecretId: &names[0], VersionStage: &names[1]})
		},
		"batch": func(names ...string) (any, error) {
			all, err := client.BatchGetSecretValue(context.Background(),
				&secretsmanager.BatchGetSecretValueInput{SecretIdList: names})
			if err != nil {
				return nil, err
			}
			found := map[string]string{}
			for _, secret := range all.SecretValues {
				found[*secret.Name] = *secret.SecretString
			}
			for _, failed := range all.Errors {
				found[*failed.SecretId] = *failed.ErrorCode
			}
			return found, nil
		},
	}, func(err error) string {
		var api smithy.APIError
		if errors.As(err, &api) {
			return api.ErrorCode()
		}
		return err.Error()
	})
}
