using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Peers;

/// <summary>Cases with a chart in two versions.</summary>
/// <param name="hasRealFlux">Whether real Flux installs it from a registry with a private CA and a password, or the stand-in of Flux.</param>
public abstract class ChartFixture(bool hasRealFlux) : PeerFixture
{
    protected const string Older = "1.0.0";
    protected const string Newer = "1.1.0";

    /// <summary>The digest of each version.</summary>
    protected IReadOnlyDictionary<string, string> Digests { get; private set; } = new Dictionary<string, string>();

    [SetUp]
    public async Task Start()
    {
        if (hasRealFlux)
        {
            Digests = await Peers.StartRegistryAsync(Older, Newer);
            await Peers.StartFluxAsync();
        }
        else
        {
            await World.PullSecretAsync();
            Digests = new[] { Older, Newer }.ToDictionary(
                version => version, version => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(version)))}");
        }

        await ConfigureAsync();
        World.StartController(Options);
    }

    /// <summary>The options of the controller.</summary>
    protected virtual ControllerOptions Options => new();

    /// <summary>Applies a ProviderConfig by which the chart is installed, with changes.</summary>
    protected Task<KubeObject> ConfigureAsync(Action<JsonObject>? change = null)
    {
        var config = new JsonObject
        {
            ["chartURL"] = hasRealFlux ? Peers.Registry.ChartUrl : "oci://registry.example.com/charts/toolkit",
            ["pollInterval"] = "1h",
            ["imagePullSecret"] = new JsonObject { ["name"] = ProviderWorld.PullSecretName },
            ["values"] = Replicas(2),
            ["driftDetection"] = new JsonObject { ["mode"] = "enabled" },
        };
        if (hasRealFlux)
        {
            config["caBundleRef"] = new JsonObject { ["name"] = ProviderWorld.CaBundleName, ["key"] = "ca.crt" };
        }

        change?.Invoke(config);
        return World.ConfigureAsync(config);
    }

    /// <summary>Offers both versions, each with an entry of its own.</summary>
    protected Task<KubeObject> OfferAsync(Func<string, JsonObject> entryOf) => ConfigureAsync(config =>
    {
        config.Remove("values");
        config["versions"] = new JsonArray([.. new[] { Older, Newer }.Select(version =>
        {
            var entry = entryOf(version);
            (entry["version"], entry["chartVersion"]) = (version, version);
            return entry;
        })]);
    });

    /// <summary>Values that the chart accepts.</summary>
    protected static JsonObject Replicas(int replicas) => new() { ["manager"] = new JsonObject { ["replicas"] = replicas } };

    /// <summary>An OCM of the older version, until it is Ready.</summary>
    protected async Task InstalledAsync()
    {
        await World.ControlPlaneAsync(Ocm);
        await World.ApplyOcmAsync(Ocm, Older);
        await ReadyAsync(World.Api, Ocm);
    }

    protected Task<KubeObject> SourceAsync() =>
        World.Platform.Api.GetAsync(PlatformKinds.OciRepository, ProviderWorld.FluxKey(Ocm), default);

    /// <summary>
    /// What is wrong with a status that says Ready; null if nothing is, or if it does not say so. Read at once after it: the release that is
    /// installed then.
    /// </summary>
    protected async Task<string?> PrematureAsync(KubeObject seen)
    {
        if (seen.ReadyCondition.Text("status") != "True" || seen.Json.Number("status", "observedGeneration") != seen.Generation)
        {
            return null;
        }

        var (release, source) = (await ReleaseAsync(Ocm), await SourceAsync());
        var latest = release.Json.Items("status", "history").First();
        var now = await World.Onboarding.Api.GetAsync(World.Api.Ocm, Ocm, default);
        if (now.Generation != seen.Generation)
        {
            return null;
        }

        var wanted = seen.Json.Text("spec", "version")!;
        var pulled = ChartArtifact.Of(source).Digest;
        var isPinned = source.Text("spec", "ref", "digest") is not null;
        return latest.Text("status") == "deployed"
            && latest.Text("ociDigest") == pulled
            && (isPinned ? pulled == Digests[wanted] : latest.Text("chartVersion")!.StartsWith(wanted, StringComparison.Ordinal))
            ? null
            : $"Ready with {latest.GetRawText()} and artifact {pulled} in place of {wanted}";
    }
}
