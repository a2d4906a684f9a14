using System.Diagnostics;
using System.Text;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Bench;

/// <summary>
/// The floor of a start: all kinds are listed at once, page by page, and what is read is dropped. No controller reads them faster.
/// </summary>
internal static class PlainLists
{
    private const int PageSize = 500;

    private static readonly byte[] Continue = Encoding.ASCII.GetBytes("\"continue\":\"");

    /// <summary>Lists what the controller lists; returns the time until the last page is read, and the MiB.</summary>
    public static async Task<(TimeSpan Elapsed, double MiB)> ReadAsync(ProviderWorld world, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var sizes = await Task.WhenAll(
            ReadAsync(world.Onboarding, world.Api.Ocm, cancellationToken),
            ReadAsync(world.Onboarding, Kinds.Namespace, cancellationToken),
            ReadAsync(world.Platform, PlatformKinds.ClusterRequest, cancellationToken),
            ReadAsync(world.Platform, PlatformKinds.AccessRequest, cancellationToken),
            ReadAsync(world.Platform, PlatformKinds.OciRepository, cancellationToken),
            ReadAsync(world.Platform, PlatformKinds.HelmRelease, cancellationToken),
            ReadAsync(world.Platform, Kinds.Namespace, cancellationToken),
            ReadAsync(world.Platform, Kinds.Secret, cancellationToken));
        return (clock.Elapsed, sizes.Sum() / 1024.0 / 1024);
    }

    private static async Task<long> ReadAsync(TestCluster cluster, ResourceKind kind, CancellationToken cancellationToken)
    {
        using var http = cluster.CreateHttpClient(cluster.Admin, "plain-lists");
        var path = $"{ApiPath.Of(kind, ns: null)}?limit={PageSize}";
        var size = 0L;
        for (string? token = ""; token is not null;)
        {
            var page = await http.GetByteArrayAsync(new Uri($"/{path}&continue={Uri.EscapeDataString(token)}", UriKind.Relative), cancellationToken);
            size += page.Length;
            token = TokenOf(page);
        }

        return size;
    }

    private static string? TokenOf(ReadOnlySpan<byte> page)
    {
        if (page.IndexOf(Continue) is not (>= 0 and var field))
        {
            return null;
        }

        var value = page[(field + Continue.Length)..];
        return value.IndexOf((byte)'"') is > 0 and var length ? Encoding.ASCII.GetString(value[..length]) : null;
    }
}
