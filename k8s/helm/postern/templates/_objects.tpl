{{/* The objects that Postern needs beside the pod. Once for each chart, in a template of its own. */}}
{{- define "postern.objects" -}}
{{- $values := .Values.postern -}}
apiVersion: v1
kind: ConfigMap
{{- /* Not the last key: Helm strips the newline at the end of an object, which may be one of a file's template. */}}
data:
  postern.yaml: |
    postern:
      {{- include "postern.config" . | nindent 6 }}
metadata:
  name: {{ include "postern.name" . }}
  labels:
    {{- include "postern.objectLabels" . | nindent 4 }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "postern.name" . }}-env
  labels:
    {{- include "postern.objectLabels" . | nindent 4 }}
data:
  {{- include "postern.environment" . | nindent 2 }}
{{- if has "network-policy" $values.components }}
---
{{- /*
A policy is for the whole pod: with this one, a workload that serves others needs a further policy that admits them.
The kubelet's probes come from the pod's node, which is always admitted.
*/}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "postern.name" . }}-management
  labels:
    {{- include "postern.objectLabels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "postern.labels" . | nindent 6 }}
  policyTypes: [Ingress]
  ingress:
    - from:
        {{- toYaml $values.networkPolicy.from | nindent 8 }}
      ports:
        - protocol: TCP
          port: 7742
{{- end }}
{{- if has "pod-monitor" $values.components }}
---
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata:
  name: {{ include "postern.name" . }}
  labels:
    {{- include "postern.objectLabels" . | nindent 4 }}
    {{- with $values.podMonitor.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  selector:
    matchLabels:
      {{- include "postern.labels" . | nindent 6 }}
  podMetricsEndpoints:
    - port: postern-mgmt
      path: /metrics
      interval: {{ $values.podMonitor.interval }}
{{- end }}
{{- end -}}

{{- define "postern.name" -}}
{{ .Release.Name }}-postern
{{- end -}}

{{- define "postern.objectLabels" -}}
app.kubernetes.io/name: postern
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{/* What is under "postern:" in postern.yaml. Files have templates of their own, which Postern renders. */}}
{{- define "postern.config" -}}
{{- $config := tpl (toYaml (omit .Values.postern.config "files")) . | fromYaml -}}
{{- with $config.Error }}{{ fail (printf "postern.config: %s" .) }}{{ end -}}
{{- with .Values.postern.config.files }}{{ $_ := set $config "files" . }}{{ end -}}
{{- toYaml $config -}}
{{- end -}}

{{/* Postern's environment variables: those of the components, and over them those of the values. */}}
{{- define "postern.environment" -}}
{{- range include "postern.secretVariables" . | fromYamlArray -}}
{{- if hasKey $.Values.postern.env . }}{{ fail (printf "postern.env.%s: a secret does not belong in a ConfigMap" .) }}{{ end -}}
{{- end -}}
{{- $environment := dict -}}
{{- range include "postern.selected" . | fromYamlArray }}{{ $environment = mergeOverwrite $environment .env }}{{ end -}}
{{- range $name, $value := .Values.postern.env }}{{ $_ := set $environment $name (tpl $value $) }}{{ end -}}
{{- toYaml $environment -}}
{{- end -}}

{{- define "postern.secretVariables" -}}
[AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AZURE_CLIENT_SECRET, POSTERN_BACKENDS_VAULT_AUTH_TOKEN, VAULT_TOKEN]
{{- end -}}
