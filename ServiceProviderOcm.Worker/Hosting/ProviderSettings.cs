using System.Globalization;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Worker.Hosting;

/// <summary>All settings there are: the one list behind the flags, the environment variables, appsettings and the help.</summary>
internal static class ProviderSettings
{
    public static readonly IReadOnlyList<Setting> All =
    [
        Setting.Text(nameof(ProviderOptions.ProviderName), "--provider-name", "NAME",
            "Name of the ProviderConfig that counts, and of the ServiceProvider (required)", (options, value) => options.ProviderName = value),
        Setting.Text(nameof(ProviderOptions.Environment), "--environment", "NAME",
            "Name of the platform's environment, such as dev", (options, value) => options.Environment = value),
        Setting.Text(nameof(ProviderOptions.ApiGroup), "--api-group", "GROUP",
            "API group to serve (default: ocm.services.openmcp.cloud)", (options, value) => options.ApiGroup = value),
        Setting.Text(nameof(ProviderOptions.Kubeconfig), "--kubeconfig", "FILE",
            "Kubeconfig file of the platform cluster (default: KUBECONFIG, the pod's own access, ~/.kube/config)",
            (options, value) => options.Kubeconfig = value),
        Setting.Text(nameof(ProviderOptions.Context), "--context", "NAME",
            "Context of the platform's kubeconfig (default: its current one)", (options, value) => options.Context = value),
        Setting.Text(nameof(ProviderOptions.OnboardingKubeconfig), "--onboarding-kubeconfig", "FILE",
            "Kubeconfig file of the onboarding cluster (default: access is asked of the platform)",
            (options, value) => options.OnboardingKubeconfig = value),
        Setting.Text(nameof(ProviderOptions.OnboardingContext), "--onboarding-context", "NAME",
            "Context of the onboarding cluster; without a file of its own, of the platform's kubeconfig",
            (options, value) => options.OnboardingContext = value),
        Setting.Parsed<TimeSpan>(nameof(ProviderOptions.OnboardingTimeout), "--onboarding-timeout", "DURATION",
            "How long the platform may take to grant access to the onboarding cluster (default: 30m)",
            "a duration, such as 30m", GoDuration.TryParse, (options, value) => options.OnboardingTimeout = value),
        Setting.Switch(nameof(ProviderOptions.Standalone), "--standalone",
            "No openmcp-operator runs this: init has no ServiceProvider to report to", (options, value) => options.Standalone = value),
        Setting.Parsed<int>(nameof(ProviderOptions.Workers), "--workers", "COUNT",
            "How many OCMs are worked on at once (default: 10)", "a whole number", TryParseCount,
            (options, value) => options.Workers = value) with { IsForRun = true },
        Setting.Switch(nameof(ProviderOptions.LeaderElect), "--leader-elect",
            "Of several replicas let only one work, the holder of a Lease",
            (options, value) => options.LeaderElect = value) with { IsForRun = true },
        Setting.Text(nameof(ProviderOptions.HealthProbeBindAddress), "--health-probe-bind-address", "ADDRESS",
            "Where to serve /healthz and /readyz; 0: nowhere (default: :8081)",
            (options, value) => options.HealthProbeBindAddress = value) with { IsForRun = true },
        Setting.Text(nameof(ProviderOptions.MetricsBindAddress), "--metrics-bind-address", "ADDRESS",
            "Where to serve /metrics, such as :8443; 0: nowhere (default: 0)",
            (options, value) => options.MetricsBindAddress = value) with { IsForRun = true },
        Setting.Switch(nameof(ProviderOptions.MetricsSecure), "--metrics-secure",
            "Serve /metrics by HTTPS, to callers whom the platform cluster lets read it (default: true)",
            (options, value) => options.MetricsSecure = value) with { IsForRun = true },
        Setting.Text(nameof(ProviderOptions.MetricsCertPath), "--metrics-cert-path", "FOLDER",
            "Where the certificate of /metrics is (default: one is made at the start)",
            (options, value) => options.MetricsCertPath = value) with { IsForRun = true },
        Setting.Text(nameof(ProviderOptions.MetricsCertName), "--metrics-cert-name", "FILE",
            "The certificate's file there (default: tls.crt)", (options, value) => options.MetricsCertName = value) with { IsForRun = true },
        Setting.Text(nameof(ProviderOptions.MetricsCertKey), "--metrics-cert-key", "FILE",
            "The private key's file there (default: tls.key)", (options, value) => options.MetricsCertKey = value) with { IsForRun = true },
        Setting.Switch(nameof(ProviderOptions.EnableHttp2), "--enable-http2",
            "Serve /metrics by HTTP/2, too", (options, value) => options.EnableHttp2 = value) with { IsForRun = true },
        Setting.OneOf<Verbosity>(nameof(ProviderOptions.Verbosity), "--verbosity", "ERROR|INFO|DEBUG",
            "How much is logged (default: INFO)", (options, value) => options.Verbosity = value) with { Alias = "-v" },
        Setting.OneOf<LogFormat>(nameof(ProviderOptions.Format), "--format", "text|json",
            "Form of the log (default: text on a terminal, json otherwise)", (options, value) => options.Format = value),
        Setting.Switch(nameof(ProviderOptions.Dev), "--dev",
            "For developers: the log is text and says each step", (options, value) => options.Dev = value),
        Setting.Switch(nameof(ProviderOptions.Cli), "--cli", "For people: the log is text", (options, value) => options.Cli = value),
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
