using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Sandbox.Demo.StandIns;

/// <summary>
/// Stands in for Flux: pulls, installs and uninstalls nothing, but sets the status of OCIRepositories and HelmReleases as Flux does,
/// and needs what Flux needs.
/// </summary>
/// <param name="platform">The platform cluster; the client has the field manager <see cref="Name"/>; its kinds must be installed.</param>
/// <param name="pace">When it reconciles.</param>
public sealed class FluxStandIn(IKubernetesApi platform, Pace pace)
    : StandInController(platform, pace, PlatformKinds.OciRepository, PlatformKinds.HelmRelease)
{
    /// <summary>Field manager.</summary>
    public const string Name = "flux-stand-in";

    /// <summary>The finalizer of the objects that it reconciles.</summary>
    public const string Finalizer = "finalizers.fluxcd.io";

    private const int MostUninstalled = 100;

    private readonly ConcurrentQueue<KubeObject> _uninstalled = new();
    private volatile FluxBehaviour _behaviour;

    /// <summary>The behaviour from now on, also for objects that it has reconciled before.</summary>
    public FluxBehaviour Behaviour
    {
        get => _behaviour;
        set
        {
            _behaviour = value;
            ReconcileAll();
        }
    }

    /// <summary>The message of <see cref="FluxBehaviour.FailHelm"/>; set it before the behaviour.</summary>
    public string FailureMessage { get; set; } = "Helm install failed for release: context deadline exceeded";

    /// <summary>Pauses the installation of HelmReleases.</summary>
    public Gate Installs => field ??= new Gate(ReconcileAll);

    /// <summary>Pauses the uninstallation of HelmReleases.</summary>
    public Gate Uninstalls => field ??= new Gate(ReconcileAll);

    /// <summary>The latest HelmReleases that were uninstalled, in order, as they were then.</summary>
    public IReadOnlyCollection<KubeObject> Uninstalled => _uninstalled;

    /// <inheritdoc/>
    protected override Task<bool> ReconcileAsync(ResourceKind kind, KubeObject subject, CancellationToken cancellationToken) =>
        (Behaviour, subject.IsBeingDeleted, kind == PlatformKinds.HelmRelease) switch
        {
            (FluxBehaviour.Silent, _, _) => Task.FromResult(true),
            (_, true, true) => UninstallAsync(subject, cancellationToken),
            (_, true, false) => RemoveFinalizerAsync(kind, subject, cancellationToken),
            (_, false, true) => InstallAsync(subject, cancellationToken),
            (_, false, false) => FetchAsync(subject, cancellationToken),
        };

    private static ObjectKey ChartOf(KubeObject release) => new(
        release.Json.Text("spec", "chartRef", "namespace") ?? release.Namespace, release.Json.Text("spec", "chartRef", "name") ?? "");

    private static string? AttemptedDigest(KubeObject release) => release.Json.Text("status", "lastAttemptedRevisionDigest");

    private static bool IsSuspended(KubeObject subject) =>
        subject.Json.At("spec", "suspend") is { ValueKind: System.Text.Json.JsonValueKind.True };

    private async Task<bool> FetchAsync(KubeObject repository, CancellationToken cancellationToken)
    {
        await SetFinalizerAsync(PlatformKinds.OciRepository, repository, Finalizer, present: true, cancellationToken);
        var tag = repository.Json.Text("spec", "ref", "tag") ?? "latest";
        var digest = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(tag)))}";
        var revision = $"{tag}@{digest}";
        var ready = new ReadyCondition("True", "Succeeded", $"stored artifact for digest '{revision}'");
        if (IsSuspended(repository) || ready.IsOn(repository))
        {
            return true;
        }

        var status = ready.ToStatus(repository, Time.GetUtcNow());
        var path = $"ocirepository/{repository.Namespace}/{repository.Name}/{tag}.tar.gz";
        status["url"] = $"http://source-controller.flux-system.svc.cluster.local./{path}";
        status["artifact"] = new JsonObject
        {
            ["digest"] = digest,
            ["lastUpdateTime"] = Timestamps.Time(Time.GetUtcNow()),
            ["path"] = path,
            ["revision"] = revision,
            ["url"] = status["url"]!.GetValue<string>(),
        };
        await SetStatusAsync(PlatformKinds.OciRepository, repository, status, cancellationToken);
        foreach (var release in In(PlatformKinds.HelmRelease, repository.Namespace).Where(release => ChartOf(release) == repository.Key))
        {
            Enqueue(PlatformKinds.HelmRelease, release.Key);
        }

        return true;
    }

    private async Task<bool> InstallAsync(KubeObject release, CancellationToken cancellationToken)
    {
        await SetFinalizerAsync(PlatformKinds.HelmRelease, release, Finalizer, present: true, cancellationToken);
        if (IsSuspended(release) || !Installs.IsOpen)
        {
            return true;
        }

        // A release that is Ready stays so until it or its chart changes.
        var pulled = PulledDigest(release);
        return ReadyCondition.IsTrue(release) && Behaviour == FluxBehaviour.Normal && (pulled is null || pulled == AttemptedDigest(release))
            || await ReportAsync(release, await InstallationOfAsync(release, pulled, cancellationToken), pulled, cancellationToken);
    }

    private async Task<ReadyCondition> InstallationOfAsync(KubeObject release, string? pulled, CancellationToken cancellationToken)
    {
        var chart = ChartOf(release);
        if (Find(PlatformKinds.OciRepository, chart) is null)
        {
            return new ReadyCondition(
                "False",
                "SourceNotReady",
                $"could not get Source object: ocirepositories.source.toolkit.fluxcd.io \"{chart.Name}\" not found");
        }

        if (pulled is null)
        {
            return new ReadyCondition("False", "SourceNotReady", $"OCIRepository '{chart}' is not ready");
        }

        if (await MissingKubeconfigAsync(release, cancellationToken) is { } missing)
        {
            return missing;
        }

        var targetNamespace = release.Json.Text("spec", "targetNamespace") ?? release.Namespace;
        var target = $"{targetNamespace}/{release.Json.Text("spec", "releaseName") ?? release.Name}";
        return Behaviour == FluxBehaviour.FailHelm
            ? new ReadyCondition("False", "InstallFailed", FailureMessage)
            : AttemptedDigest(release) is null
            ? new ReadyCondition("True", "InstallSucceeded", $"Helm install succeeded for release {target}")
            : new ReadyCondition("True", "UpgradeSucceeded", $"Helm upgrade succeeded for release {target}");
    }

    // What the OCIRepository has; null while it is not ready.
    private string? PulledDigest(KubeObject release) =>
        Find(PlatformKinds.OciRepository, ChartOf(release)) is { } source && ReadyCondition.IsTrue(source)
            ? source.Json.Text("status", "artifact", "digest")
            : null;

    private async Task<bool> UninstallAsync(KubeObject release, CancellationToken cancellationToken)
    {
        if (!release.Finalizers.Contains(Finalizer))
        {
            return true;
        }

        if (!IsSuspended(release))
        {
            if (!Uninstalls.IsOpen)
            {
                return true;
            }

            if (await MissingKubeconfigAsync(release, cancellationToken) is { } missing)
            {
                return await ReportAsync(release, missing, pulled: null, cancellationToken);
            }

            // Once, even if the finalizer takes several attempts.
            if (_uninstalled.All(done => done.Uid != release.Uid))
            {
                _uninstalled.Enqueue(release);
                if (_uninstalled.Count > MostUninstalled)
                {
                    _uninstalled.TryDequeue(out _);
                }
            }
        }

        return await RemoveFinalizerAsync(PlatformKinds.HelmRelease, release, cancellationToken);
    }

    private async Task<bool> RemoveFinalizerAsync(ResourceKind kind, KubeObject subject, CancellationToken cancellationToken)
    {
        await SetFinalizerAsync(kind, subject, Finalizer, present: false, cancellationToken);
        return true;
    }

    private async Task<ReadyCondition?> MissingKubeconfigAsync(KubeObject release, CancellationToken cancellationToken)
    {
        if (release.Json.Text("spec", "kubeConfig", "secretRef", "name") is not { } name)
        {
            return null;
        }

        var key = release.Json.Text("spec", "kubeConfig", "secretRef", "key") ?? "value";
        var secret = await Api.FindAsync(Kinds.Secret, new ObjectKey(release.Namespace, name), cancellationToken);
        return secret switch
        {
            null => new ReadyCondition(
                "False", "RESTClientError", $"could not get KubeConfig secret '{release.Namespace}/{name}': secrets \"{name}\" not found"),
            _ when secret.Json.At("data", key) is null => new ReadyCondition(
                "False", "RESTClientError", $"KubeConfig secret '{release.Namespace}/{name}' does not contain a '{key}' key"),
            _ => null,
        };
    }

    /// <returns>False while a source or Secret is missing: no watch reports when it appears.</returns>
    private async Task<bool> ReportAsync(
        KubeObject release, ReadyCondition condition, string? pulled, CancellationToken cancellationToken)
    {
        var attempted = condition.Status == "True" ? pulled : AttemptedDigest(release);
        if (!condition.IsOn(release) || attempted != AttemptedDigest(release))
        {
            var status = condition.ToStatus(release, Time.GetUtcNow());
            status["lastAttemptedRevisionDigest"] = attempted;
            await SetStatusAsync(PlatformKinds.HelmRelease, release, status, cancellationToken);
        }

        return condition.Reason is not ("SourceNotReady" or "RESTClientError");
    }
}
