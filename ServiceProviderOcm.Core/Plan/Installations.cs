using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;

namespace ServiceProviderOcm.Core.Plan;

/// <summary>Compares what revisions of the configuration install. Thread-safe.</summary>
public sealed class Installations(Identity identity)
{
    // Tenants decide how many versions are in use where there is no catalogue.
    private const int MaxVersions = 1000;

    private static readonly ObjectKey AnyOcm = new("any", "any");

    private readonly ConditionalWeakTable<InstallConfig, ConcurrentDictionary<string, string>> _known = [];

    /// <summary>Whether two revisions install the same for a version.</summary>
    public bool AreSame(InstallConfig one, InstallConfig other, string version) =>
        ReferenceEquals(one, other)
        || one.Revision == other.Revision
        || (FingerprintOf(one, version) is { Length: > 0 } fingerprint && fingerprint == FingerprintOf(other, version));

    /// <summary>
    /// The configuration of which the managed objects are, by their content; null if there is none. Where several install the same, it is
    /// the current one.
    /// </summary>
    /// <param name="configs">The configurations, the likeliest first.</param>
    /// <param name="current">The revision that was rolled out completely; null if that is not known.</param>
    /// <param name="observe">What is observed, with a configuration.</param>
    public static InstallConfig? Find(IEnumerable<InstallConfig> configs, string? current, Func<InstallConfig, Observation> observe) =>
        configs.OrderByDescending(config => config.Revision == current).FirstOrDefault(config => IsOf(observe(config)));

    /// <summary>Whether the managed objects are what a configuration installs, apart from labels and annotations.</summary>
    /// <param name="observation">What is observed, with that configuration.</param>
    public static bool IsOf(Observation observation)
    {
        if (observation is not { Ocm: { } ocm, OciRepository: { } repository }
            || !observation.Config.TryResolve(ocm.Json.Text("spec", "version") ?? "", out var inputs, out _))
        {
            return false;
        }

        var (identity, tenant, bundle) = (observation.Identity, observation.TenantNamespaceName, observation.CaBundle);
        return (observation.AccessRequest is not { } access || !AccessRequests.IsManagedFor(access, identity.Api, ocm.Key)
                || !EnsureApplied.IsChangeOfSpec(
                    PlatformKinds.AccessRequest,
                    Manifests.AccessRequest(identity, ocm.Key, tenant, access: inputs.Access),
                    access,
                    observation))
            && !EnsureApplied.IsChangeOfSpec(
                PlatformKinds.OciRepository, Manifests.OciRepository(identity, ocm.Key, tenant, inputs, bundle), repository, observation)
            && (observation.HelmRelease is not { } release || !EnsureApplied.IsChangeOfSpec(
                PlatformKinds.HelmRelease,
                Manifests.HelmRelease(
                    identity, ocm.Key, tenant, inputs, release.Text("spec", "kubeConfig", "secretRef", "name") ?? "", bundle),
                release,
                observation));
    }

    private string FingerprintOf(InstallConfig config, string version)
    {
        var known = _known.GetOrCreateValue(config);
        if (known.Count >= MaxVersions)
        {
            known.Clear();
        }

        return known.GetOrAdd(version, each => Render(config, each));
    }

    // Empty if nothing can be installed. The content of Secrets and of the CA bundle is not part of a revision.
    private string Render(InstallConfig config, string version)
    {
        if (!config.TryResolve(version, out var inputs, out _))
        {
            return "";
        }

        var bundle = config.CaBundle == CaBundleReference.None ? CaBundle.None : new CaBundle("any", config.CaBundle.IsInjected);
        return Convert.ToHexStringLower(SHA256.HashData(
        [
            .. Manifests.AccessRequest(identity, AnyOcm, AnyOcm.Namespace, access: inputs.Access).Json.ToUtf8Bytes(),
            .. Manifests.OciRepository(identity, AnyOcm, AnyOcm.Namespace, inputs, bundle).Json.ToUtf8Bytes(),
            .. Manifests.HelmRelease(identity, AnyOcm, AnyOcm.Namespace, inputs, AnyOcm.Name, bundle).Json.ToUtf8Bytes(),
            .. Encoding.UTF8.GetBytes(
                string.Join('\n', [inputs.Source.PullSecret, config.CaBundle.Name, config.CaBundle.Key, .. inputs.Source.ToolkitPullSecrets])),
        ]));
    }
}
