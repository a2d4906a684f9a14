using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Sandbox.Demo.StandIns;

/// <summary>
/// Stands in for Flux: pulls, installs and uninstalls nothing, but sets the status of OCIRepositories and HelmReleases as Flux does, in as
/// many patches and in the same order, and needs what Flux needs.
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

    // 5m0s, as Flux writes the default.
    private const string ActionTimeout = "5m0s";

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

    /// <summary>Which HelmReleases fail although the behaviour is normal, and are not tried again.</summary>
    public Func<KubeObject, bool> StallsOn { get; set; } = _ => false;

    /// <summary>The message of those; null for <see cref="FailureMessage"/>.</summary>
    public string? StallMessage { get; set; }

    /// <summary>
    /// When a HelmRelease is reconciled again whose source was not ready, if the artifact of the source does not change before.
    /// </summary>
    public TimeSpan DependencyInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Which charts are signed, by URL and tag: all, at first. See <see cref="ChartSignatures"/>.</summary>
    public Predicate<string> IsSigned { get; set; } = _ => true;

    /// <summary>Pauses the installation of HelmReleases.</summary>
    public Gate Installs => field ??= new Gate(ReconcileAll);

    /// <summary>Pauses the pulling of charts.</summary>
    public Gate Pulls => field ??= new Gate(ReconcileAll);

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

    private static bool IsSuspended(KubeObject subject) =>
        subject.Json.At("spec", "suspend") is { ValueKind: System.Text.Json.JsonValueKind.True };

    private async Task<bool> FetchAsync(KubeObject repository, CancellationToken cancellationToken)
    {
        var kind = PlatformKinds.OciRepository;
        await SetFinalizerAsync(kind, repository, Finalizer, present: true, cancellationToken);
        var tag = repository.Json.Text("spec", "ref", "tag") ?? "latest";
        var digest = DigestOf($"{repository.Json.Text("spec", "url")}:{tag}");
        var revision = repository.Json.Text("spec", "ref", "digest") ?? $"{tag}@{digest}";
        var isChanged = repository.Json.Text("status", "artifact", "revision") != revision;
        if (IsSuspended(repository) || !Pulls.IsOpen || (!isChanged && IsObserved(repository) && ReadyCondition.IsTrue(repository)))
        {
            return true;
        }

        if (await UnverifiedAsync(repository, tag, cancellationToken) is { } unverified)
        {
            var ready = unverified with { Type = "Ready" };
            if (!ready.IsOn(repository))
            {
                await SetAsync(ready.ToConditions(repository, Time.GetUtcNow(), unverified));
            }

            return false;
        }

        var generation = repository.Generation;
        var progress = isChanged ? $"building artifact: new revision '{revision}'" : "reconciliation in progress";
        var reconciling = ReadyCondition.Reconciling(progress);
        repository = await SetAsync(
            new ReadyCondition("Unknown", "Progressing", progress).ToConditions(repository, Time.GetUtcNow(), reconciling));
        if (repository.Generation != generation)
        {
            return true;
        }

        repository = await SetAsync(
            new ReadyCondition("True", "Succeeded", $"stored artifact for digest '{revision}'").ToConditions(
                repository, Time.GetUtcNow(), Verified(repository, revision)));
        var path = $"ocirepository/{repository.Namespace}/{repository.Name}/{tag}.tar.gz";
        var url = $"http://source-controller.flux-system.svc.cluster.local./{path}";
        await SetAsync(new JsonObject
        {
            ["observedGeneration"] = generation,
            ["url"] = url,
            ["artifact"] = new JsonObject
            {
                ["digest"] = digest,
                ["lastUpdateTime"] = Timestamps.Time(Time.GetUtcNow()),
                ["path"] = path,
                ["revision"] = revision,
                ["url"] = url,
            },
        });

        // helm-controller receives another revision, and nothing else.
        if (isChanged)
        {
            Add(PlatformKinds.HelmRelease, repository.Key);
        }

        return true;

        Task<KubeObject> SetAsync(JsonObject status) => SetStatusAsync(kind, repository, status, cancellationToken);
    }

    private static IEnumerable<ReadyCondition> Verified(KubeObject repository, string revision) =>
        repository.At("spec", "verify") is null
            ? []
            : [new ReadyCondition("True", "Succeeded", $"verified signature of revision {revision}") { Type = "SourceVerified" }];

    // Nothing is stored then, and the generation is not observed.
    private async Task<ReadyCondition?> UnverifiedAsync(KubeObject repository, string tag, CancellationToken cancellationToken)
    {
        var secret = repository.Text("spec", "verify", "secretRef", "name") is { Length: > 0 } name
            ? await Api.FindAsync(Kinds.Secret, new ObjectKey(repository.Namespace, name), cancellationToken)
            : null;
        var reference = $"{repository.Text("spec", "url")}:{tag}";
        return ChartSignatures.ErrorOf(repository, reference, IsSigned(reference), secret) is { } error
            ? new ReadyCondition("False", "VerificationError", error) { Type = "SourceVerified" }
            : null;
    }

    private async Task<bool> InstallAsync(KubeObject release, CancellationToken cancellationToken)
    {
        await SetFinalizerAsync(PlatformKinds.HelmRelease, release, Finalizer, present: true, cancellationToken);
        if (IsSuspended(release) || !Installs.IsOpen)
        {
            return true;
        }

        var source = new ObjectKey(
            release.Json.Text("spec", "chartRef", "namespace") ?? release.Namespace, release.Json.Text("spec", "chartRef", "name") ?? "");
        var repository = Find(PlatformKinds.OciRepository, source);
        var artifact = repository is null ? null : ChartArtifact.Of(repository);
        if (Behaviour == FluxBehaviour.Normal
            && ReadyCondition.IsTrue(release)
            && IsObserved(release)
            && (artifact is not { Digest.Length: > 0 }
                || release.Json.Items("status", "history").FirstOrDefault().Text("ociDigest") == artifact.Digest))
        {
            return true;
        }

        if (NotReady(repository, source) is { } waiting)
        {
            // No error: only a new artifact or the interval requeues it.
            await ReportAsync(release, waiting, cancellationToken);
            Requeue(PlatformKinds.HelmRelease, release.Key, DependencyInterval);
            return waiting.Reason != "ArtifactFailed";
        }

        if (await MissingKubeconfigAsync(release, cancellationToken) is { } missing)
        {
            await ReportAsync(release, missing, cancellationToken);
            return false;
        }

        await ReleaseAsync(release, artifact!, cancellationToken);
        return true;
    }

    // As helm-controller: an OCIRepository whose latest generation is not observed is not ready, whatever its condition says.
    private static ReadyCondition? NotReady(KubeObject? repository, ObjectKey source) => repository switch
    {
        null => new ReadyCondition(
            "False",
            "ArtifactFailed",
            $"could not get Source object: ocirepositories.source.toolkit.fluxcd.io \"{source.Name}\" not found"),
        _ when !IsObserved(repository) => new ReadyCondition(
            "False", "SourceNotReady", $"OCIRepository '{source}' is not ready: latest generation of object has not been reconciled"),
        _ when repository.Json.At("status", "artifact") is null => new ReadyCondition(
            "False", "SourceNotReady", $"OCIRepository '{source}' is not ready: does not have an artifact"),
        _ => null,
    };

    private async Task ReleaseAsync(KubeObject release, ChartArtifact artifact, CancellationToken cancellationToken)
    {
        var before = release.Json.Items("status", "history").ToList();
        var action = before.Count > 0 ? "upgrade" : "install";
        var verb = action == "upgrade" ? "Upgrade" : "Install";
        var releaseName = release.Json.Text("spec", "releaseName") ?? release.Name;
        var targetNamespace = release.Json.Text("spec", "targetNamespace") ?? release.Namespace;
        var digest = artifact.Digest;
        var isStalled = StallsOn(release);
        var failed = new ReadyCondition("False", $"{verb}Failed", isStalled ? StallMessage ?? FailureMessage : FailureMessage);
        if ((Behaviour == FluxBehaviour.FailHelm || isStalled)
            && failed.IsOn(release) && release.Json.Text("status", "lastAttemptedRevisionDigest") == digest)
        {
            return;
        }

        var version = $"{(artifact.Tag.Length > 0 ? artifact.Tag : "0.0.0")}+{digest["sha256:".Length..][..12]}";
        var running = $"Running '{action}' action with timeout of {ActionTimeout}";
        release = await SetAsync(new ReadyCondition("Unknown", "Progressing", running).ToConditions(
            release, Time.GetUtcNow(), ReadyCondition.Reconciling(running)));
        release = await SetAsync(new JsonObject
        {
            ["lastAttemptedGeneration"] = release.Generation,
            ["lastAttemptedReleaseAction"] = action,
            ["lastAttemptedRevision"] = version,
            ["lastAttemptedRevisionDigest"] = digest,
            ["storageNamespace"] = release.Json.Text("spec", "storageNamespace") ?? release.Namespace,
        });
        if (Behaviour == FluxBehaviour.FailHelm || isStalled)
        {
            await SetAsync(failed.ToConditions(release, Time.GetUtcNow(), isStalled ? [ReadyCondition.Stalled(failed.Message)] : []));
            return;
        }

        release = await SetAsync(new ReadyCondition(
            "True", $"{verb}Succeeded", $"Helm {action} succeeded for release {targetNamespace}/{releaseName}")
            .ToConditions(release, Time.GetUtcNow()));
        var now = Timestamps.Time(Time.GetUtcNow());
        await SetAsync(new JsonObject
        {
            ["observedGeneration"] = release.Generation,
            ["history"] = new JsonArray(
            [
                new JsonObject
                {
                    ["chartName"] = releaseName,
                    ["chartVersion"] = version,
                    ["configDigest"] = DigestOf(release.Json.At("spec", "values")?.GetRawText() ?? ""),
                    ["digest"] = DigestOf($"{release.Key}.v{before.Count + 1}"),
                    ["firstDeployed"] = before.LastOrDefault().Text("firstDeployed") ?? now,
                    ["lastDeployed"] = now,
                    ["name"] = releaseName,
                    ["namespace"] = targetNamespace,
                    ["ociDigest"] = digest,
                    ["status"] = "deployed",
                    ["version"] = (before.FirstOrDefault().Number("version") ?? 0) + 1,
                },
                .. before.Take(1).Select(previous => Superseded(JsonObject.Create(previous)!)),
            ]),
        });

        Task<KubeObject> SetAsync(JsonObject status) => SetStatusAsync(PlatformKinds.HelmRelease, release, status, cancellationToken);
    }

    private static JsonObject Superseded(JsonObject snapshot)
    {
        snapshot["status"] = "superseded";
        return snapshot;
    }

    private static bool IsObserved(KubeObject subject) => subject.Json.Number("status", "observedGeneration") == subject.Generation;

    private static string DigestOf(string text) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

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
                await ReportAsync(release, missing, cancellationToken);
                return false;
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

    private async Task ReportAsync(KubeObject release, ReadyCondition condition, CancellationToken cancellationToken)
    {
        if (!condition.IsOn(release))
        {
            await SetStatusAsync(
                PlatformKinds.HelmRelease, release, condition.ToConditions(release, Time.GetUtcNow()), cancellationToken);
        }
    }
}
