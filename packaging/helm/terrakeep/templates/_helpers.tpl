{{- define "terrakeep.name" -}}
{{- if contains "terrakeep" .Release.Name }}{{ .Release.Name | trunc 52 | trimSuffix "-" }}{{ else }}{{ printf "%s-terrakeep" .Release.Name | trunc 52 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "terrakeep.selector" -}}
app.kubernetes.io/name: terrakeep
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "terrakeep.labels" -}}
{{ include "terrakeep.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "terrakeep.publicUrl" -}}
{{- required "set publicUrl to the address that clients use, such as https://registry.example.com" .Values.publicUrl }}
{{- end }}

{{- define "terrakeep.scheme" -}}
{{- if eq .Values.tls.mode "off" }}HTTP{{ else }}HTTPS{{ end }}
{{- end }}
