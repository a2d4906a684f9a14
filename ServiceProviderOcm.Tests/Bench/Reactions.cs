using System.Diagnostics;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Bench;

/// <summary>How soon a change shows its effect, to the 50 ms of a poll, except the rotation; the first and the last tenant where all are concerned.</summary>
/// <param name="EditReverted">From an edited OCIRepository to its being as it was.</param>
/// <param name="DeletionReverted">From a deleted HelmRelease to a new one.</param>
/// <param name="RotationOfAll">From a rotated pull secret to the last tenant's copy of it.</param>
public sealed record Reactions(TimeSpan EditReverted, TimeSpan DeletionReverted, TimeSpan RotationOfAll)
{
    public static async Task<Reactions> MeasureAsync(ProviderWorld world, IReadOnlyList<ObjectKey> keys)
    {
        var flux = ProviderWorld.FluxKey(keys[0]);
        var api = world.Platform.Api;
        var edit = new JsonObject { ["spec"] = new JsonObject { ["url"] = "oci://edited.example.com/chart" } };
        var edited = await TimeAsync(
            () => api.MergePatchAsync(PlatformKinds.OciRepository, flux, edit),
            async () => (await api.GetAsync(PlatformKinds.OciRepository, flux, default)).Json.Text("spec", "url") != "oci://edited.example.com/chart");

        var uid = (await api.GetAsync(PlatformKinds.HelmRelease, flux, default)).Uid;
        var deleted = await TimeAsync(
            () => api.DeleteAsync(PlatformKinds.HelmRelease, flux),
            async () => await api.FindAsync(PlatformKinds.HelmRelease, flux) is { } release && release.Uid != uid);

        return new Reactions(edited, deleted, await SecretCopies.RotateAsync(world, keys.Count, "rotated"));
    }

    /// <summary>The figures.</summary>
    public IReadOnlyList<Measure> Measures(int tenants) =>
    [
        new Measure("ms until an edited `OCIRepository` is reverted", EditReverted.TotalMilliseconds, 0, "1000"),
        new Measure("ms until a deleted `HelmRelease` is created again", DeletionReverted.TotalMilliseconds, 0, "1000"),
        new Measure(
            $"ms until a rotated image pull secret reaches the last of {tenants} tenants", RotationOfAll.TotalMilliseconds, 0, "2000"),
    ];

    private static async Task<TimeSpan> TimeAsync(Func<Task> change, Func<Task<bool>> isDone)
    {
        await change();
        var clock = Stopwatch.StartNew();
        await Eventually.Async(isDone, "the change has had its effect");
        return clock.Elapsed;
    }
}
