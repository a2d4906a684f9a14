using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NUnit.Framework;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Monitoring;

/// <summary>The number of time series does not depend on the number of tenants.</summary>
[Category("Worker")]
[Category("Sandbox")]
public sealed partial class SeriesTests
{
    private const int Tenants = 200;

    // Series that come with what happens, each from a bounded set: status codes, and events of the runtime.
    private static readonly string[] NotOfTenants = ["rest_client_request", "dotnet_"];

    [Test]
    public async Task Two_hundred_tenants_have_the_series_of_one()
    {
        await using var world = await ProviderWorld.InSandboxAsync();
        await world.PullSecretAsync();
        await world.ConfigureAsync(new JsonObject
        {
            ["chartURL"] = "registry.example.com/charts/toolkit",
            ["pollInterval"] = "1h",
            ["values"] = ToolkitValues.WithPullSecret(),
        });
        await using var worker = world.StartWorker(
            $"--onboarding-kubeconfig={world.KubeconfigFile(world.Onboarding)}",
            "--leader-elect=true",
            "--metrics-bind-address=127.0.0.1:0",
            "--metrics-secure=false");
        var metrics = new Uri(await worker.UrlAsync("metrics"), "metrics");
        await world.ReadyTenantAsync("tenant-0");
        var ofOne = await SeriesAsync(metrics);

        var keys = Enumerable.Range(1, Tenants - 1).Select(number => world.Ocm($"tenant-{number}")).ToList();
        await Parallel.ForEachAsync(keys, async (key, _) =>
        {
            await world.ControlPlaneAsync(key);
            await world.ApplyOcmAsync(key);
        });
        var ofAll = await Eventually.Async(
            () => SeriesAsync(metrics),
            series => series.GetValueOrDefault("ocm_instances{phase=\"Ready\"}") == "200",
            "all tenants are Ready");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(ofOne, Has.Count.GreaterThan(200));
            Assert.That(
                ofAll.Keys.Except(ofOne.Keys).Where(series => !NotOfTenants.Any(series.StartsWith)), Is.Empty);
            Assert.That(ofAll.Keys.Where(series => series.Contains("tenant-", StringComparison.Ordinal)), Is.Empty);
        }
    }

    private static async Task<IReadOnlyDictionary<string, string>> SeriesAsync(Uri metrics)
    {
        using var http = new HttpClient();
        return Sample().Matches(await http.GetStringAsync(metrics))
            .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value, StringComparer.Ordinal);
    }

    [GeneratedRegex(@"^([a-zA-Z_]+(?:\{.*\})?) (\S+)", RegexOptions.Multiline)]
    private static partial Regex Sample();
}
