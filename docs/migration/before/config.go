package config

import (
	"context"
	"encoding/json"
	"log"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
)

func getAWSSecrets(name string) map[string]string {
	secrets := map[string]string{}
	settings, err := config.LoadDefaultConfig(context.Background(), config.WithRegion("us-east-1"))
	if err != nil {
		log.Printf("Warning: Could not load secret %s: %v", name, err)
		return secrets
	}
	response, err := secretsmanager.NewFromConfig(settings).GetSecretValue(context.Background(),
		&secretsmanager.GetSecretValueInput{SecretId: aws.String(name)})
	if err != nil {
		log.Printf("Warning: Could not load secret %s: %v", name, err)
		return secrets
	}
	if err := json.Unmarshal([]byte(aws.ToString(response.SecretString)), &secrets); err != nil {
		log.Printf("Warning: Could not load secret %s: %v", name, err)
	}
	return secrets
}

// Secrets are those of the application and of the APIs it calls.
func Secrets() (app, api map[string]string) {
	if env := os.Getenv("ENVIRONMENT"); env == "production" {
		return getAWSSecrets("ml-workflow/" + env + "/app"), getAWSSecrets("ml-workflow/" + env + "/api-keys")
	}
	return map[string]string{}, map[string]string{}
}
