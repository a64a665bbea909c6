{{/* The pod's volumes for Postern. */}}
{{- define "postern.volumes" -}}
{{- $values := .Values.postern -}}
- name: postern-config
  configMap:
    name: {{ include "postern.name" . }}
{{- /* The workload's token, valid only here and only from this pod. */}}
- name: postern-token
  projected:
    sources:
      - serviceAccountToken:
          audience: postern
          expirationSeconds: 3600
          path: token
{{- /* Postern's token for the API server, whose keys verify pod tokens. */}}
- name: postern-own-token
  projected:
    sources:
      - serviceAccountToken:
          expirationSeconds: 3600
          path: token
      - configMap:
          name: kube-root-ca.crt
          items:
            - key: ca.crt
              path: ca.crt
- name: postern-tmp
  emptyDir:
    sizeLimit: 16Mi
{{- range include "postern.selected" . | fromYamlArray }}
{{- with .token }}
- name: {{ .name }}
  projected:
    sources:
      - serviceAccountToken:
          audience: {{ .audience }}
          expirationSeconds: 3600
          path: {{ .file }}
{{- end }}
{{- end }}
{{- if has "kubernetes-secret" $values.components }}
- name: postern-secrets
  secret:
    secretName: {{ $values.kubernetesSecret }}
{{- end }}
{{- if has "files" $values.components }}
{{- /* In memory, and only in this pod. It counts towards the memory of the containers that write to it. */}}
- name: postern-files
  emptyDir:
    medium: Memory
    sizeLimit: 8Mi
{{- end }}
{{- with $values.volumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* The mounts of each container of the workload: its token, and the files that Postern renders. */}}
{{- define "postern.volumeMounts" -}}
- name: postern-token
  mountPath: /var/run/secrets/postern
{{- if has "files" .Values.postern.components }}
- name: postern-files
  mountPath: /run/postern-files
  readOnly: true
{{- end }}
{{- end -}}

{{/* The variables of each container of the workload: where clients of AWS and Vault find Postern. */}}
{{- define "postern.env" -}}
{{- range include "postern.selected" . | fromYamlArray }}
{{- range $name, $value := .clients }}
- name: {{ $name }}
  value: {{ $value }}
{{- end }}
{{- end }}
{{- end -}}

{{/* The pod's labels: NetworkPolicy and PodMonitor select by them. */}}
{{- define "postern.labels" -}}
postern.dev/inject: "true"
postern.dev/release: {{ .Release.Name | quote }}
{{- end -}}

{{/* The pod's annotations: what a change of the settings changes, except for the rules, which Postern reloads. */}}
{{- define "postern.annotations" -}}
{{- $settings := omit (include "postern.config" . | fromYaml) "policy" -}}
checksum/postern: {{ list $settings (include "postern.environment" .) | toJson | sha256sum }}
{{- end -}}
