{{/* One run's name: a Job cannot be changed, so every upgrade makes new ones. */}}
{{- define "run" -}}
{{- printf "%s-%d" (trunc 46 .Release.Name | trimSuffix "-") .Release.Revision -}}
{{- end -}}

{{- define "labels" -}}
app.kubernetes.io/name: verify-harness
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
verify-harness/run: {{ .Release.Revision | quote }}
{{- end -}}

{{/* What selects the pods of this run. */}}
{{- define "selector" -}}
app.kubernetes.io/name: verify-harness
app.kubernetes.io/instance: {{ .Release.Name }}
verify-harness/run: {{ .Release.Revision | quote }}
{{- end -}}

{{/* What must hold before anything is installed; each says what to set. */}}
{{- define "demands" -}}
{{- if and .Values.target.url (not .Values.keys.secretName) }}
{{- fail "target.url needs keys.secretName: the name of a Secret with the API key" }}
{{- end }}
{{- if and (eq .Values.mode "load") (not .Values.target.url) }}
{{- fail "mode load needs target.url: each worker would start a sandbox of its own" }}
{{- end }}
{{- if and (eq .Values.mode "load") (not (and .Values.load.maxTriggers .Values.load.maxRate)) }}
{{- fail "mode load needs load.maxTriggers and load.maxRate: the most that may be sent" }}
{{- end }}
{{- if and .Values.target.url .Values.networkPolicy.enabled (not .Values.networkPolicy.target.to) }}
{{- fail "networkPolicy.target.to is empty: name the target's peers, or set networkPolicy.enabled=false" }}
{{- end }}
{{- if and .Values.metrics.enabled .Values.networkPolicy.enabled (not .Values.metrics.from) }}
{{- fail "metrics.from is empty: name who may scrape, or set networkPolicy.enabled=false" }}
{{- end }}
{{- end -}}

{{/* Options that say what may be called. */}}
{{- define "target-args" -}}
{{- with .Values.target.url }}
- --target
- {{ . | quote }}
{{- end }}
{{- range .Values.target.allowRemote }}
- --allow-remote
- {{ . | quote }}
{{- end }}
{{- if .Values.target.allowPlainText }}
- --allow-plain-text
{{- end }}
{{- end -}}

{{/* Options that master and workers must be given alike. */}}
{{- define "load-args" -}}
- load
- run
- {{ .Values.load.profile | quote }}
{{- include "target-args" . }}
- --seed
- {{ .Values.load.seed | int64 | quote }}
- --max-triggers
- {{ .Values.load.maxTriggers | int64 | quote }}
- --max-rate
- {{ .Values.load.maxRate | quote }}
{{- range .Values.args }}
- {{ . | quote }}
{{- end }}
{{- end -}}

{{/* Fails the Job at once and names the exit code; nothing is sent a second time. */}}
{{- define "failure-policy" -}}
backoffLimit: 0
podFailurePolicy:
  rules:
    - action: FailJob
      onExitCodes:
        containerName: harness
        operator: In
        # fail, usage, no verdict, refused, bug, interrupted, terminated
        values: [1, 2, 3, 4, 5, 130, 143]
    - action: FailJob
      onPodConditions:
        - {type: DisruptionTarget, status: "True"}
{{- end -}}

{{/* The pod of a role. Call with a dict of root, role, args and ports. */}}
{{- define "pod" -}}
metadata:
  labels:
    {{- include "labels" .root | nindent 4 }}
    verify-harness/role: {{ .role }}
    {{- with .root.Values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with .root.Values.podAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  restartPolicy: Never
  automountServiceAccountToken: false
  enableServiceLinks: false
  terminationGracePeriodSeconds: 45  # after SIGTERM the report is still written
  securityContext:
    runAsNonRoot: true
    runAsUser: 10001
    runAsGroup: 10001
    fsGroup: 10001
    seccompProfile: {type: RuntimeDefault}
  {{- with .root.Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - name: harness
      image: "{{ .root.Values.image.repository }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}"
      imagePullPolicy: {{ .root.Values.image.pullPolicy }}
      args:
        {{- .args | nindent 8 }}
      {{- with .ports }}
      ports:
        {{- . | nindent 8 }}
      {{- end }}
      {{- with .root.Values.keys }}
      {{- if .secretName }}
      env:
        - name: TELNYX_API_KEY
          valueFrom: {secretKeyRef: {name: {{ .secretName | quote }}, key: {{ .key | quote }}}}
        {{- if .secondKey }}
        - name: VERIFY_HARNESS_SECOND_API_KEY
          valueFrom: {secretKeyRef: {name: {{ .secretName | quote }}, key: {{ .secondKey | quote }}}}
        {{- end }}
      {{- end }}
      {{- end }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: {drop: [ALL]}
      resources:
        {{- toYaml .root.Values.resources | nindent 8 }}
      volumeMounts:
        - {name: tmp, mountPath: /tmp}
        - {name: reports, mountPath: /harness/reports}
        {{- if .root.Values.files }}
        - {name: files, mountPath: /etc/verify-harness, readOnly: true}
        {{- end }}
  volumes:
    - name: tmp
      emptyDir: {}
    - name: reports
      {{- if and .root.Values.reports.existingClaim (ne .role "worker") }}
      persistentVolumeClaim: {claimName: {{ .root.Values.reports.existingClaim | quote }}}
      {{- else }}
      emptyDir: {}
      {{- end }}
    {{- if .root.Values.files }}
    - name: files
      configMap: {name: {{ include "run" .root }}}
    {{- end }}
  {{- with .root.Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .root.Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .root.Values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}
