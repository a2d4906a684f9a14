using System.Globalization;
using ServiceProviderOcm.Core.Model.Configuration;

namespace ServiceProviderOcm.Worker.Settings;

/// <summary>All settings: the one list for flags, environment variables, appsettings and help.</summary>
internal static class ProviderSettings
{
    private const string NoEffect = "Accepted for compatibility with the Go providers, without effect";

    public static readonly IReadOnlyList<Setting> All =
    [
        Setting.Text(nameof(ProviderOptions.ProviderName), "--provider-name", "NAME",
            "Name of the ProviderConfig and of the ServiceProvider (required)", (options, value) => options.ProviderName = value),
        Setting.Text(nameof(ProviderOptions.Environment), "--environment", "NAME",
            "Name of the platform environment, such as dev", (options, value) => options.Environment = value),
        Setting.Text(nameof(ProviderOptions.ApiGroup), "--api-group", "GROUP",
            "API group to serve (default: the one that is in use; if none is, ocm.services.openmcp.cloud)", (options, value) => options.ApiGroup = value),
        Setting.Text(nameof(ProviderOptions.Kubeconfig), "--kubeconfig", "FILE",
            "Kubeconfig file of the platform cluster (default: KUBECONFIG, in-cluster configuration, ~/.kube/config)",
            (options, value) => options.Kubeconfig = value),
        Setting.Text(nameof(ProviderOptions.Context), "--context", "NAME",
            "Context in the kubeconfig of the platform (default: the current context)", (options, value) => options.Context = value),
        Setting.Text(nameof(ProviderOptions.OnboardingKubeconfig), "--onboarding-kubeconfig", "FILE",
            "Kubeconfig file of the onboarding cluster (default: access is requested from the platform)",
            (options, value) => options.OnboardingKubeconfig = value),
        Setting.Text(nameof(ProviderOptions.OnboardingContext), "--onboarding-context", "NAME",
            "Context of the onboarding cluster; without --onboarding-kubeconfig, in the kubeconfig of the platform",
            (options, value) => options.OnboardingContext = value),
        Setting.Parsed<TimeSpan>(nameof(ProviderOptions.OnboardingTimeout), "--onboarding-timeout", "DURATION",
            "Timeout for the platform to grant access to the onboarding cluster (default: 30m)",
            "a duration, such as 30m", GoDuration.TryParse, (options, value) => options.OnboardingTimeout = value),
        Setting.Switch(nameof(ProviderOptions.Standalone), "--standalone",
            "Run without openmcp-operator: init does not register with a ServiceProvider, and none is read", (options, value) => options.Standalone = value),
        Setting.Parsed<int>(nameof(ProviderOptions.Workers), "--workers", "COUNT",
            "Number of OCMs reconciled concurrently (default: 10)", "a whole number", TryParseCount,
            (options, value) => options.Workers = value) with { IsForRun = true },
        Setting.Parsed<int>(nameof(ProviderOptions.ControlPlaneWorkers), "--control-plane-workers", "COUNT",
            "Number of control planes written to concurrently (default: 100)", "a whole number", TryParseCount,
            (options, value) => options.ControlPlaneWorkers = value) with { IsForRun = true },
        Setting.Parsed<int>(nameof(ProviderOptions.MaxOcmsPerNamespace), "--max-ocms-per-namespace", "COUNT",
            "Number of OCMs per namespace; the newest beyond it are not installed (default: 2000)", "a whole number", TryParseCount,
            (options, value) => options.MaxOcmsPerNamespace = value) with { IsForRun = true },
        Setting.Parsed<TimeSpan>(nameof(ProviderOptions.WaitTimeout), "--wait-timeout", "DURATION",
            "How long an OCM may wait for one thing before that is a failure; three times as long for Helm actions (default: 5m)",
            "a duration, such as 5m", GoDuration.TryParse, (options, value) => options.WaitTimeout = value) with { IsForRun = true },
        .. LimitSettings.All,
        Setting.Switch(nameof(ProviderOptions.LeaderElect), "--leader-elect",
            "Enable leader election: only the holder of the Lease reconciles",
            (options, value) => options.LeaderElect = value) with { IsForRun = true },
        Setting.Text(nameof(ProviderOptions.HealthProbeBindAddress), "--health-probe-bind-address", "ADDRESS",
            "Address of /healthz and /readyz; 0 disables them (default: :8081)",
            (options, value) => options.HealthProbeBindAddress = value) with { IsForRun = true },
        Setting.Text(nameof(ProviderOptions.MetricsBindAddress), "--metrics-bind-address", "ADDRESS",
            "Address of /metrics, such as :8443; 0 disables it (default: 0)",
            (options, value) => options.MetricsBindAddress = value) with { IsForRun = true },
        Setting.Switch(nameof(ProviderOptions.MetricsSecure), "--metrics-secure",
            "Serve /metrics over HTTPS, to callers that the platform cluster authorizes (default: true)",
            (options, value) => options.MetricsSecure = value) with { IsForRun = true },
        Setting.Text(nameof(ProviderOptions.MetricsCertPath), "--metrics-cert-path", "FOLDER",
            "Directory with the certificate of /metrics (default: a self-signed certificate)",
            (options, value) => options.MetricsCertPath = value) with { IsForRun = true },
        Setting.Text(nameof(ProviderOptions.MetricsCertName), "--metrics-cert-name", "FILE",
            "File name of the certificate (default: tls.crt)",
            (options, value) => options.MetricsCertName = value) with { IsForRun = true },
        Setting.Text(nameof(ProviderOptions.MetricsCertKey), "--metrics-cert-key", "FILE",
            "File name of the private key (default: tls.key)", (options, value) => options.MetricsCertKey = value) with { IsForRun = true },
        Setting.Switch(nameof(ProviderOptions.EnableHttp2), "--enable-http2",
            "Enable HTTP/2 for /metrics", (options, value) => options.EnableHttp2 = value) with { IsForRun = true },
        Setting.OneOf<Verbosity>(nameof(ProviderOptions.Verbosity), "--verbosity", "ERROR|INFO|DEBUG",
            "Log level (default: INFO)", (options, value) => options.Verbosity = value) with { Alias = "-v" },
        Setting.OneOf<LogFormat>(nameof(ProviderOptions.Format), "--format", "text|json",
            "Log format (default: text on a terminal, json otherwise)", (options, value) => options.Format = value) with { Alias = "-f" },
        Setting.Switch(nameof(ProviderOptions.Dev), "--dev",
            "Development mode: log as text, at level DEBUG", (options, value) => options.Dev = value),
        Setting.Switch(nameof(ProviderOptions.Cli), "--cli", "Interactive mode: log as text", (options, value) => options.Cli = value),
        Setting.Switch(nameof(ProviderOptions.DisableStacktrace), "--disable-stacktrace", NoEffect,
            (options, value) => options.DisableStacktrace = value) with { HasNoEffect = true },
        Setting.Switch(nameof(ProviderOptions.DisableCaller), "--disable-caller", NoEffect,
            (options, value) => options.DisableCaller = value) with { HasNoEffect = true },
        Setting.Switch(nameof(ProviderOptions.DisableTimestamp), "--disable-timestamp", NoEffect,
            (options, value) => options.DisableTimestamp = value) with { HasNoEffect = true },
        Setting.Text(nameof(ProviderOptions.WebhookCertPath), "--webhook-cert-path", "FOLDER", NoEffect,
            (options, value) => options.WebhookCertPath = value) with { HasNoEffect = true },
        Setting.Text(nameof(ProviderOptions.WebhookCertName), "--webhook-cert-name", "FILE", NoEffect,
            (options, value) => options.WebhookCertName = value) with { HasNoEffect = true },
        Setting.Text(nameof(ProviderOptions.WebhookCertKey), "--webhook-cert-key", "FILE", NoEffect,
            (options, value) => options.WebhookCertKey = value) with { HasNoEffect = true },
        Setting.Text(nameof(ProviderOptions.PodNamespace), null, "", "", (options, value) => options.PodNamespace = value)
            with { Variable = "POD_NAMESPACE" },
        Setting.Text(nameof(ProviderOptions.PodName), null, "", "", (options, value) => options.PodName = value)
            with { Variable = "POD_NAME" },
        Setting.Text(nameof(ProviderOptions.PodIp), null, "", "", (options, value) => options.PodIp = value)
            with { Variable = "POD_IP" },
    ];

    private static bool TryParseCount(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
