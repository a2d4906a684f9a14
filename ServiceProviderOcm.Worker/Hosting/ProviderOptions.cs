namespace ServiceProviderOcm.Worker.Hosting;

/// <summary>
/// All settings, from appsettings.json, environment variables (<c>ServiceProvider__Name</c>) and flags, the later ones
/// winning. <see cref="ProviderOptionsValidator"/> holds the rules.
/// </summary>
public sealed class ProviderOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "ServiceProvider";

    /// <summary>The name of the one ProviderConfig that counts, and of our ServiceProvider.</summary>
    public string ProviderName { get; set; } = "";

    /// <summary>The environment of the platform, such as <c>dev</c>; openMCP hands it to every provider.</summary>
    public string Environment { get; set; } = "";

    /// <summary>Our own namespace on the platform cluster.</summary>
    public string PodNamespace { get; set; } = "";

    /// <summary>Our pod's name, by which the others know who leads; empty for the machine's name.</summary>
    public string PodName { get; set; } = "";

    /// <summary>Whether only one of several replicas works at a time.</summary>
    public bool LeaderElect { get; set; }

    /// <summary>The API group to serve.</summary>
    public string ApiGroup { get; set; } = Core.Objects.ProviderApi.DefaultGroup;

    /// <summary>Kubeconfig file of the platform cluster; empty for KUBECONFIG, the pod's own access, or ~/.kube/config.</summary>
    public string Kubeconfig { get; set; } = "";

    /// <summary>Context within the platform's kubeconfig; empty for its current one.</summary>
    public string Context { get; set; } = "";

    /// <summary>Kubeconfig file of the onboarding cluster; with this or a context set, the platform is not asked for access.</summary>
    public string OnboardingKubeconfig { get; set; } = "";

    /// <summary>Context of the onboarding cluster; without a file of its own, one of the platform's kubeconfig.</summary>
    public string OnboardingContext { get; set; } = "";

    /// <summary>How long the platform may take to grant access to the onboarding cluster.</summary>
    public TimeSpan OnboardingTimeout { get; set; } = Core.Onboarding.OnboardingAccess.DefaultTimeout;

    /// <summary>How many OCMs are worked on at once.</summary>
    public int Workers { get; set; } = 10;

    /// <summary>Whether the onboarding cluster is reached by a kubeconfig of our own.</summary>
    public bool IsOnboardingLocal => OnboardingKubeconfig.Length > 0 || OnboardingContext.Length > 0;
}
