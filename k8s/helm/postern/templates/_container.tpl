{{/* Postern's container: the first of the pod's initContainers. */}}
{{- define "postern.container" -}}
{{- $values := .Values.postern -}}
{{- /* A native sidecar: it starts first, and the others wait until it has started; it ends last, and keeps no Job alive. */ -}}
- name: postern
  image: {{ include "postern.image" . }}
  {{- with $values.image.pullPolicy }}
  imagePullPolicy: {{ . }}
  {{- end }}
  restartPolicy: Always
  envFrom:
    - configMapRef:
        name: {{ include "postern.name" . }}-env
        optional: true
  env:
    - name: POD_UID
      valueFrom:
        fieldRef:
          fieldPath: metadata.uid
    - name: POD_NAME
      valueFrom:
        fieldRef:
          fieldPath: metadata.name
    - name: POD_NAMESPACE
      valueFrom:
        fieldRef:
          fieldPath: metadata.namespace
    {{- /* The kubelet and Prometheus call from outside the pod. Secrets are on 127.0.0.1 only. */}}
    - name: POSTERN_HTTP_MANAGEMENT_HOST
      value: 0.0.0.0
  ports:
    - name: postern-mgmt
      containerPort: 7742
      protocol: TCP
  startupProbe:
    httpGet:
      path: /health/started
      port: postern-mgmt
    periodSeconds: 1
    failureThreshold: 60
  livenessProbe:
    httpGet:
      path: /health/live
      port: postern-mgmt
    periodSeconds: 10
    timeoutSeconds: 2
  readinessProbe:
    httpGet:
      path: /health/ready
      port: postern-mgmt
    periodSeconds: 5
    timeoutSeconds: 2
  resources:
    {{- toYaml $values.resources | nindent 4 }}
  securityContext:
    allowPrivilegeEscalation: false
    capabilities:
      drop: [ALL]
    readOnlyRootFilesystem: true
    runAsNonRoot: true
    {{- /* The image's user, whatever user the workload has. */}}
    runAsUser: 1001
    runAsGroup: 1001
    seccompProfile:
      type: RuntimeDefault
  volumeMounts:
    - name: postern-config
      mountPath: /etc/postern
      readOnly: true
    - name: postern-own-token
      mountPath: /var/run/secrets/kubernetes.io/serviceaccount
      readOnly: true
    - name: postern-tmp
      mountPath: /tmp
    {{- range include "postern.selected" . | fromYamlArray }}
    {{- with .token }}
    - name: {{ .name }}
      mountPath: {{ .directory }}
      readOnly: true
    {{- end }}
    {{- end }}
    {{- if has "kubernetes-secret" $values.components }}
    - name: postern-secrets
      mountPath: /var/run/secrets/postern
      readOnly: true
    {{- end }}
    {{- if has "files" $values.components }}
    - name: postern-files
      mountPath: /run/postern-files
    {{- end }}
    {{- with $values.volumeMounts }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}

{{- define "postern.image" -}}
{{- with .Values.postern.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ .tag | default $.Subcharts.postern.Chart.AppVersion }}
{{- end -}}
{{- end -}}
{{- end -}}
