{{/*
What the components of k8s/components add: variables of Postern, a token for its manager, and variables of the workload's
containers. The components that are not here have templates of their own.
*/}}
{{- define "postern.components" -}}
eks-irsa:
  env:
    SECRETS_BACKEND: aws
    AWS_WEB_IDENTITY_TOKEN_FILE: /var/run/secrets/eks.amazonaws.com/serviceaccount/token
    # Without the role, Postern must fail and not act as the node.
    AWS_EC2_METADATA_DISABLED: "true"
  token:
    name: postern-aws-token
    audience: sts.amazonaws.com
    directory: /var/run/secrets/eks.amazonaws.com/serviceaccount
    file: token
eks-pod-identity:
  env:
    SECRETS_BACKEND: aws
    AWS_EC2_METADATA_DISABLED: "true"
gke:
  env:
    SECRETS_BACKEND: gcp
aks:
  env:
    SECRETS_BACKEND: azure
    AZURE_AUTHORITY_HOST: https://login.microsoftonline.com/
    AZURE_FEDERATED_TOKEN_FILE: /var/run/secrets/azure/tokens/azure-identity-token
  token:
    name: postern-azure-token
    audience: api://AzureADTokenExchange
    directory: /var/run/secrets/azure/tokens
    file: azure-identity-token
vault:
  env:
    SECRETS_BACKEND: vault
    POSTERN_BACKENDS_VAULT_AUTH_METHOD: kubernetes
    POSTERN_BACKENDS_VAULT_AUTH_JWT_FILE: /var/run/secrets/vault/token
  token:
    name: postern-vault-token
    audience: vault
    directory: /var/run/secrets/vault
    file: token
kubernetes-secret:
  env:
    SECRETS_BACKEND: file
aws-clients:
  env:
    POSTERN_COMPATIBLE_AWS_ENABLED: "true"
  clients:
    AWS_ENDPOINT_URL_SECRETS_MANAGER: http://127.0.0.1:2773
    AWS_CONTAINER_CREDENTIALS_FULL_URI: http://127.0.0.1:2773/credentials
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: /var/run/secrets/postern/token
vault-clients:
  env:
    POSTERN_COMPATIBLE_VAULT_ENABLED: "true"
  clients:
    VAULT_ADDR: http://127.0.0.1:8200
{{- end -}}

{{/* Those of them that the values select, in that order. */}}
{{- define "postern.selected" -}}
{{- $components := include "postern.components" . | fromYaml -}}
{{- $selected := list -}}
{{- range .Values.postern.components -}}
{{- with get $components . }}{{ $selected = append $selected . }}{{ end -}}
{{- end -}}
{{- toYaml $selected -}}
{{- end -}}
