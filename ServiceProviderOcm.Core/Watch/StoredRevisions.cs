using System.Runtime.CompilerServices;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;

namespace ServiceProviderOcm.Core.Watch;

/// <summary>The stored revisions of the ProviderConfig, each parsed once. Thread-safe.</summary>
public sealed class StoredRevisions(Identity identity, Informer informer)
{
    private readonly ConditionalWeakTable<KubeObject, ParsedRevision> _parsed = [];
    private readonly ConditionalWeakTable<InstallConfig, ConditionalWeakTable<InstallConfig, InstallConfig>> _beside = [];

    /// <summary>All stored revisions, the latest first.</summary>
    public IReadOnlyList<KubeObject> All => [.. informer.Store.All.OrderByDescending(StoredRevision.NumberOf)];

    /// <summary>Whether they are known.</summary>
    public bool AreKnown => informer.State.IsSynced;

    /// <summary>Whether a revision is stored.</summary>
    public bool Contains(string revision) => Find(revision) is not null;

    /// <summary>The configuration of a revision; null if it is neither the newest nor stored.</summary>
    /// <param name="revision">The revision.</param>
    /// <param name="newest">The configuration of the newest revision.</param>
    public InstallConfig? Of(string revision, InstallConfig newest) =>
        revision.Length == 0 ? null
        : revision == newest.Revision ? newest
        : Find(revision) is { } stored && Parse(stored) is { } config
            ? _beside.GetOrCreateValue(newest).GetValue(config, each => each.Beside(newest))
        : null;

    /// <summary>The configurations of all revisions, the newest first.</summary>
    public IEnumerable<InstallConfig> Configurations(InstallConfig newest) => All
        .Select(stored => Of(StoredRevision.RevisionOf(stored, identity.Api), newest))
        .OfType<InstallConfig>()
        .Prepend(newest)
        .DistinctBy(config => config.Revision);

    /// <summary>What was written is known at once.</summary>
    public void RecordWrite(KubeObject written) => informer.Store.RecordWrite(written);

    /// <summary>What was deleted is not there any more.</summary>
    public void RecordDelete(KubeObject deleted) => informer.Store.RecordDelete(deleted);

    private KubeObject? Find(string revision) =>
        informer.Store.Get(new ObjectKey(identity.PodNamespace, ObjectNames.StoredRevision(identity, revision)));

    private InstallConfig? Parse(KubeObject stored) =>
        _parsed.GetValue(stored, each => new ParsedRevision(StoredRevision.Read(identity, each))).Config;

    private sealed record ParsedRevision(InstallConfig? Config);
}
