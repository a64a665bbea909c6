// Package config holds the application's settings: secrets from Postern, read once, when the program starts.
package config

import (
	"context"

	"app/postern"
)

var names = []string{"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "OPENAI_API_KEY", "ANTHROPIC_API_KEY", "HF_API_TOKEN"}

// Secrets reads all of them in one request. Its error has the code of what is wrong, for each name.
func Secrets() (map[string]string, error) {
	answer, err := postern.New().GetAll(context.Background(), names...)
	if err != nil {
		return nil, err
	}
	secrets := map[string]string{}
	for name, secret := range answer {
		secrets[name] = string(secret.Value)
	}
	return secrets, nil
}
