using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
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

    /// <summary>The HelmReleases that were uninstalled, in order, as they were then.</summary>
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

    private static bool IsSuspended(KubeObject subject) =>
        subject.Json.At("spec", "suspend") is { ValueKind: System.Text.Json.JsonValueKind.True };

    private async Task<bool> FetchAsync(KubeObject repository, CancellationToken cancellationToken)
    {
        await SetFinalizerAsync(PlatformKinds.OciRepository, repository, Finalizer, present: true, cancellationToken);
        var tag = repository.Json.Text("spec", "ref", "tag") ?? "latest";
        var revision = $"{tag}@sha256:{new string('0', 64)}";
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
            ["digest"] = $"sha256:{new string('0', 64)}",
            ["lastUpdateTime"] = Timestamps.Time(Time.GetUtcNow()),
            ["path"] = path,
            ["revision"] = revision,
            ["url"] = status["url"]!.GetValue<string>(),
        };
        await SetStatusAsync(PlatformKinds.OciRepository, repository, status, cancellationToken);
        return true;
    }

    private async Task<bool> InstallAsync(KubeObject release, CancellationToken cancellationToken)
    {
        await SetFinalizerAsync(PlatformKinds.HelmRelease, release, Finalizer, present: true, cancellationToken);
        if (IsSuspended(release) || !Installs.IsOpen)
        {
            return true;
        }

        // A release that is Ready stays so until it changes.
        return ReadyCondition.IsTrue(release) && Behaviour == FluxBehaviour.Normal
            || await ReportAsync(release, await InstallationOfAsync(release, cancellationToken), cancellationToken);
    }

    private async Task<ReadyCondition> InstallationOfAsync(KubeObject release, CancellationToken cancellationToken)
    {
        var chart = new ObjectKey(
            release.Json.Text("spec", "chartRef", "namespace") ?? release.Namespace, release.Json.Text("spec", "chartRef", "name") ?? "");
        if (Find(PlatformKinds.OciRepository, chart) is not { } repository)
        {
            return new ReadyCondition(
                "False",
                "SourceNotReady",
                $"could not get Source object: ocirepositories.source.toolkit.fluxcd.io \"{chart.Name}\" not found");
        }

        if (!ReadyCondition.IsTrue(repository))
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
            : new ReadyCondition("True", "InstallSucceeded", $"Helm install succeeded for release {target}");
    }

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
                return await ReportAsync(release, missing, cancellationToken);
            }

            // Once, even if the finalizer takes several attempts.
            if (_uninstalled.All(done => done.Uid != release.Uid))
            {
                _uninstalled.Enqueue(release);
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
    private async Task<bool> ReportAsync(KubeObject release, ReadyCondition condition, CancellationToken cancellationToken)
    {
        if (!condition.IsOn(release))
        {
            await SetStatusAsync(PlatformKinds.HelmRelease, release, condition.ToStatus(release, Time.GetUtcNow()), cancellationToken);
        }

        return condition.Reason is not ("SourceNotReady" or "RESTClientError");
    }
}
