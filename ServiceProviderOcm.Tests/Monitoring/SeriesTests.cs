using System.Net;
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

    // Families whose series come with what happens. docs/metrics.md lists all values of their labels.
    private static readonly string[] ComingLater = ["rest_client_", "dotnet_"];

    // Exceptions that the program and its libraries throw.
    private static readonly string[] Exceptions =
    [
        "HttpIOException", "HttpRequestException", "IOException", "JsonException", "KubernetesApiException", "OperationCanceledException",
        "SocketException", "TaskCanceledException", "TimeoutException",
    ];

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
            var listed = Listed(world.Platform.Url.Authority, world.Onboarding.Url.Authority);
            Assert.That(ofAll.Keys.Except(ofOne.Keys).Where(series => !listed.IsMatch(series)), Is.Empty);
            Assert.That(ofAll.Keys.Where(series => ComingLater.Any(series.StartsWith)).Where(series => !listed.IsMatch(series)), Is.Empty);
            Assert.That(ofAll.Keys.Where(series => series.Contains("tenant-", StringComparison.Ordinal)), Is.Empty);
        }
    }

    private static Regex Listed(params string[] hosts)
    {
        var host = $"({string.Join('|', hosts.Append("control-plane").Select(Regex.Escape))})";
        var code = $"({string.Join('|', Enum.GetValues<HttpStatusCode>().Select(value => (int)value).Distinct())}|[1-9]xx|<error>)";
        const string Method = "(DELETE|GET|PATCH|POST|PUT)";
        const string Generation = "{gc_heap_generation=\"(gen0|gen1|gen2|loh|poh)\"}";
        return new Regex($$"""
            ^(rest_client_requests_total{code="{{code}}",host="{{host}}",method="{{Method}}"}
            |rest_client_request_duration_seconds_bucket{host="{{host}}",verb="{{Method}}",le="([0-9.]+|\+Inf)"}
            |rest_client_request_duration_seconds_(sum|count){host="{{host}}",verb="{{Method}}"}
            |dotnet_exceptions_total{error_type="({{string.Join('|', Exceptions)}})"}
            |dotnet_process_cpu_time_seconds_total{cpu_mode="(system|user)"}
            |dotnet_gc_(collections_total|last_collection_heap_size_bytes|last_collection_heap_fragmentation_size_bytes){{Generation}}
            |dotnet_gc_(heap_total_allocated_bytes_total|last_collection_memory_committed_size_bytes|pause_time_seconds_total){}
            |dotnet_jit_(compilation_time_seconds_total|compiled_il_size_bytes_total|compiled_methods_total){}
            |dotnet_process_(cpu_count|memory_working_set_bytes){}
            |dotnet_thread_pool_(queue_length_total|thread_count_total|work_item_count_total){}
            |dotnet_(assembly_count|monitor_lock_contentions_total|timer_count){})$
            """.ReplaceLineEndings(""), RegexOptions.CultureInvariant);
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
