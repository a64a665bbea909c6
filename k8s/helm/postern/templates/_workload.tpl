{{/*
A workload of your chart with Postern in its pod. Takes the context, and the name of the template of the workload:

    include "postern.workload" (list . "my-app.deployment")

What a container already sets stays: a variable, or a mount at a path.
*/}}
{{- define "postern.workload" -}}
{{- $context := index . 0 -}}
{{- $name := index . 1 -}}
{{- $text := include $name $context | trim | trimPrefix "---" -}}
{{- if $text -}}
{{- if regexMatch "(?m)^---" $text }}{{ fail (printf "postern.workload: %s has more than one object" $name) }}{{ end -}}
{{- $workload := fromYaml $text -}}
{{- with $workload.Error }}{{ fail (printf "postern.workload: %s: %s" $name .) }}{{ end -}}
{{- $template := $workload -}}
{{- if eq $workload.kind "CronJob" -}}
{{- $template = dig "spec" "jobTemplate" "spec" "template" dict $workload -}}
{{- else if ne $workload.kind "Pod" -}}
{{- $template = dig "spec" "template" dict $workload -}}
{{- end -}}
{{- $pod := dig "spec" dict $template -}}
{{- if not $pod.containers }}{{ fail (printf "postern.workload: %s has no pod with containers" $name) }}{{ end -}}
{{- range $pod.initContainers -}}
{{- if eq .name "postern" }}{{ fail (printf "postern.workload: %s already has Postern" $name) }}{{ end -}}
{{- end -}}

{{- $metadata := $template.metadata | default dict -}}
{{- range $field := list "labels" "annotations" -}}
{{- $ours := include (printf "postern.%s" $field) $context | fromYaml -}}
{{- $_ := set $metadata $field (merge $ours (get $metadata $field | default dict)) -}}
{{- end -}}
{{- $_ := set $template "metadata" $metadata -}}

{{- $_ := set $pod "automountServiceAccountToken" false -}}
{{- $_ := set $pod "enableServiceLinks" false -}}
{{- $postern := include "postern.container" $context | fromYamlArray -}}
{{- $_ := set $pod "initContainers" (concat $postern ($pod.initContainers | default list)) -}}
{{- $volumes := include "postern.volumes" $context | fromYamlArray -}}
{{- $_ := set $pod "volumes" (concat ($pod.volumes | default list) $volumes) -}}
{{- range $container := $pod.containers -}}
{{- include "postern.append" (list $container "volumeMounts" "mountPath" (include "postern.volumeMounts" $context)) -}}
{{- include "postern.append" (list $container "env" "name" (include "postern.env" $context)) -}}
{{- end -}}
{{- toYaml $workload -}}
{{- end -}}
{{- end -}}

{{/* Appends to a list of a container what it does not have by its key. Changes the container and prints nothing. */}}
{{- define "postern.append" -}}
{{- $container := index . 0 -}}
{{- $field := index . 1 -}}
{{- $key := index . 2 -}}
{{- $all := get $container $field | default list -}}
{{- $present := list -}}
{{- range $all }}{{ $present = append $present (get . $key) }}{{ end -}}
{{- range index . 3 | fromYamlArray -}}
{{- if not (has (get . $key) $present) }}{{ $all = append $all . }}{{ end -}}
{{- end -}}
{{- if $all }}{{ $_ := set $container $field $all }}{{ end -}}
{{- end -}}
