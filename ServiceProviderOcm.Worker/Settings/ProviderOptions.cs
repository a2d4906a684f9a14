namespace ServiceProviderOcm.Worker.Settings;

/// <summary>
/// All settings, from appsettings.json, environment variables and flags; later sources take precedence. <see cref="ProviderSettings"/>
/// has their names, <see cref="ProviderOptionsValidator"/> the rules.
/// </summary>
public sealed class ProviderOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "ServiceProvider";

    /// <summary>The name of the provider's ProviderConfig and ServiceProvider.</summary>
    public string ProviderName { get; set; } = "";

    /// <summary>The environment of the platform, such as <c>dev</c>; openMCP hands it to every provider.</summary>
    public string Environment { get; set; } = "";

    /// <summary>The API group to serve; empty for the one that is in use.</summary>
    public string ApiGroup { get; set; } = "";

    /// <summary>The provider's namespace on the platform cluster.</summary>
    public string PodNamespace { get; set; } = "";

    /// <summary>The name of the provider's pod; empty outside of a cluster.</summary>
    public string PodName { get; set; } = "";

    /// <summary>The address of the provider's pod; empty outside of a cluster.</summary>
    public string PodIp { get; set; } = "";

    /// <summary>Kubeconfig file of the platform cluster; empty for KUBECONFIG, the pod's own access, or ~/.kube/config.</summary>
    public string Kubeconfig { get; set; } = "";

    /// <summary>Context within the platform's kubeconfig; empty for its current one.</summary>
    public string Context { get; set; } = "";

    /// <summary>Kubeconfig file of the onboarding cluster; with this or a context set, no access is requested from the platform.</summary>
    public string OnboardingKubeconfig { get; set; } = "";

    /// <summary>Context of the onboarding cluster; without a file of its own, one of the platform's kubeconfig.</summary>
    public string OnboardingContext { get; set; } = "";

    /// <summary>How long the platform may take to grant access to the onboarding cluster.</summary>
    public TimeSpan OnboardingTimeout { get; set; } = Core.Setup.Onboarding.OnboardingAccess.DefaultTimeout;

    /// <summary>Whether there is no openmcp-operator, and so no ServiceProvider object to report to.</summary>
    public bool Standalone { get; set; }

    /// <summary>The maximum number of concurrent reconciliations.</summary>
    public int Workers { get; set; } = 10;

    /// <summary>The maximum number of control planes that are written to at the same time.</summary>
    public int ControlPlaneWorkers { get; set; } = 100;

    /// <summary>The maximum number of OCMs per namespace; those beyond it, the newest, are not installed.</summary>
    public int MaxOcmsPerNamespace { get; set; } = 2000;

    /// <summary>The maximum number of OCMs of all namespaces; beyond it, the newest of the namespaces that have the most are only counted.</summary>
    public int MaxOcms { get; set; } = 50_000;

    /// <summary>The maximum memory for the OCMs of all namespaces, in bytes; like <see cref="MaxOcms"/>.</summary>
    public long MaxOcmStoreBytes { get; set; } = 128 << 20;

    /// <summary>The maximum memory for the finalizers of an OCM, and for its version, in bytes.</summary>
    public int MaxOcmFieldBytes { get; set; } = Core.Model.Api.Projections.DefaultOcmFieldBytes;

    /// <summary>The average time between two reconciliations of an OCM because it, or an object on its control plane, has changed.</summary>
    public TimeSpan OcmChangeInterval { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The average time between two operations that are requested by an annotation of an OCM.</summary>
    public TimeSpan OcmOperationInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an OCM may wait for one thing before that is a failure; three times as long for Helm actions of Flux.</summary>
    public TimeSpan WaitTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How much is read of one control plane, and kept of it.</summary>
    public ClusterLimits ControlPlaneLimits { get; } = ClusterLimits.ForControlPlanes();

    /// <summary>How much is done for control planes.</summary>
    public ControlPlaneBudget ControlPlaneBudget { get; } = new();

    /// <summary>How much is read of the platform and the onboarding cluster each, and kept of them.</summary>
    public ClusterLimits SharedClusterLimits { get; } = ClusterLimits.ForSharedClusters();

    /// <summary>Whether only the holder of the Lease works, of all that run.</summary>
    public bool LeaderElect { get; set; }

    /// <summary>Where <c>/healthz</c> and <c>/readyz</c> are served, such as <c>:8081</c>; <c>0</c> for nowhere.</summary>
    public string HealthProbeBindAddress { get; set; } = ":8081";

    /// <summary>Where <c>/metrics</c> is served, such as <c>:8443</c>; <c>0</c> for nowhere.</summary>
    public string MetricsBindAddress { get; set; } = "0";

    /// <summary>Whether <c>/metrics</c> is served by HTTPS, and only to callers whom the platform cluster lets read it.</summary>
    public bool MetricsSecure { get; set; } = true;

    /// <summary>Folder with the certificate of <c>/metrics</c>; empty for one that is made at the start.</summary>
    public string MetricsCertPath { get; set; } = "";

    /// <summary>The certificate's file in <see cref="MetricsCertPath"/>, PEM.</summary>
    public string MetricsCertName { get; set; } = "tls.crt";

    /// <summary>The private key's file in <see cref="MetricsCertPath"/>, PEM.</summary>
    public string MetricsCertKey { get; set; } = "tls.key";

    /// <summary>Whether <c>/metrics</c> is also served by HTTP/2.</summary>
    public bool EnableHttp2 { get; set; }

    /// <summary>How much is logged.</summary>
    public Verbosity Verbosity { get; set; } = Verbosity.Info;

    /// <summary>The form of the log.</summary>
    public LogFormat Format { get; set; }

    /// <summary>Whether a developer is watching: the log is text, and says each step.</summary>
    public bool Dev { get; set; }

    /// <summary>Whether a person is watching: the log is text.</summary>
    public bool Cli { get; set; }

    /// <summary>Settings that could not be parsed, each with its fix.</summary>
    public IReadOnlyList<string> Unreadable { get; set; } = [];

    /// <summary>Whether the onboarding cluster is reached by a configured kubeconfig.</summary>
    public bool IsOnboardingLocal => OnboardingKubeconfig.Length > 0 || OnboardingContext.Length > 0;

    /// <summary>Whether the platform cluster is known for certain, even for a command that needs only the onboarding cluster.</summary>
    public bool IsPlatformGiven => !IsOnboardingLocal || Kubeconfig.Length > 0 || Context.Length > 0;
}
