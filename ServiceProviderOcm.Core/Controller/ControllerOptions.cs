using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.WorkQueue;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>Options of the controller.</summary>
public sealed record ControllerOptions
{
    /// <summary>The maximum number of concurrent reconciliations.</summary>
    public int Workers { get; init; } = 10;

    /// <summary>How much work on one control plane is done before others have their turn.</summary>
    public ControlPlaneTurnOptions ControlPlanes { get; init; } = new();

    /// <summary>The maximum number of OCMs per namespace; those beyond it, the newest, are not installed.</summary>
    public int MaxOcmsPerNamespace { get; init; } = 2000;

    /// <summary>The maximum number of OCMs of all namespaces; beyond it, the newest of the namespaces that have the most are only counted.</summary>
    public int MaxOcms { get; init; } = 50_000;

    /// <summary>The maximum memory for the OCMs of all namespaces, in bytes; like <see cref="MaxOcms"/>.</summary>
    public long MaxOcmStoreBytes { get; init; } = 128 << 20;

    /// <summary>How much is kept of OCMs: some more than <see cref="MaxOcmsPerNamespace"/>, which report that they are beyond it.</summary>
    internal InformerLimits OcmLimits => Informers.Limits with
    {
        Objects = MaxOcms,
        StoreBytes = MaxOcmStoreBytes,
        ObjectsPerNamespace = KeptOcmsPerNamespace,
    };

    /// <summary>How many OCMs are kept of a namespace.</summary>
    internal int KeptOcmsPerNamespace => (int)Math.Min((long)MaxOcmsPerNamespace + InformerLimits.SparePerNamespace, int.MaxValue);

    /// <summary>How many changes of an OCM, and of its control plane, are reconciled at once; changes beyond it are merged.</summary>
    public int ChangeBurst { get; init; } = 20;

    /// <summary>The average time between two reconciliations because of such changes.</summary>
    public TimeSpan ChangeInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How many bytes of large OCMs of a namespace may change at once and are reconciled without delay.</summary>
    public int NamespaceBurstBytes { get; init; } = 4 << 20;

    /// <summary>How many of these bytes are reconciled per second, on average.</summary>
    public int NamespaceBytesPerSecond { get; init; } = 1 << 20;

    /// <summary>The longest delay of a change because others of its namespace are large.</summary>
    public TimeSpan LongestNamespaceDelay { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many operations per OCM may be requested at once by annotation.</summary>
    public int OperationBurst { get; init; } = 5;

    /// <summary>The average time between two operations per OCM.</summary>
    public TimeSpan OperationInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long running reconciliations may take after the controller is stopped.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an OCM may wait for one thing before that is a failure; three times as long for Helm actions of Flux.</summary>
    public TimeSpan WaitTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a tenant namespace must be without OCM before its managed objects are reported as orphaned.</summary>
    public TimeSpan OrphanGracePeriod { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The back-off of failing OCMs.</summary>
    public WorkQueueOptions Queue { get; init; } = new();

    /// <summary>Options of the informers.</summary>
    public InformerOptions Informers { get; init; } = new() { StreamsLists = true };

    /// <summary>How much memory and traffic all control planes may use together; a group is a namespace of the onboarding cluster.</summary>
    public ReadBudgetOptions ControlPlaneBudget { get; init; } = new();

    /// <summary>How much of a control plane is kept in memory, per kind.</summary>
    public InformerLimits ControlPlaneLimits { get; init; } = new() { Objects = 5_000, StoreBytes = 16 << 20, Pages = 500 };

    /// <summary>
    /// How much of all control planes together is kept in memory, in bytes. Its flag has the same beginning as those of
    /// <see cref="ControlPlaneBudget"/>.
    /// </summary>
    public long ControlPlaneTotalBytes { get; init; } = 128 << 20;

    /// <summary>What was found at the start of OCMs in another API group, one sentence each; the ProviderConfig reports it.</summary>
    public IReadOnlyList<string> ApiGroupWarnings { get; init; } = [];
}
