// Package config holds the application's settings: secrets from Postern, read once, when the program starts.
package config

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

var names = []string{"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "OPENAI_API_KEY", "ANTHROPIC_API_KEY", "HF_API_TOKEN"}

type problem struct {
	Status          int
	Code, RequestID string
}

func (p problem) Error() string {
	return fmt.Sprintf("%d %s, request %s", p.Status, p.Code, p.RequestID)
}

// Secrets reads all of them in one request. Its error has the code of what is wrong, for each name.
func Secrets() (map[string]string, error) {
	token, err := os.ReadFile(cmp.Or(os.Getenv("SECRETS_TOKEN_FILE"), "/var/run/secrets/postern/token"))
	if err != nil {
		return nil, err
	}
	address := cmp.Or(os.Getenv("SECRETS_URL"), "http://127.0.0.1:7740")
	request, err := http.NewRequest(http.MethodGet, address+"/secrets?"+url.Values{"name": names}.Encode(), nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(token)))
	request.Header.Set("Accept", "application/json")
	client := http.Client{Timeout: 10 * time.Second}
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()

	var answer struct {
		problem // of the whole request
		Secrets map[string]struct{ Value string }
		Errors  map[string]problem
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return nil, err
	}
	if answer.Secrets == nil {
		return nil, answer.problem
	}
	for name, problem := range answer.Errors {
		err = errors.Join(err, fmt.Errorf("%s: %w", name, problem))
	}
	if err != nil {
		return nil, err
	}
	secrets := map[string]string{}
	for name, secret := range answer.Secrets {
		secrets[name] = secret.Value
	}
	return secrets, nil
}
