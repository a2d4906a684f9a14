using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Monitoring;

/// <summary>The number of time series does not depend on the number of tenants.</summary>
[Category("Worker")]
[Category("Sandbox")]
public sealed partial class SeriesTests
{
    private const int Tenants = 200;
    private const int Many = 20;
    private const string Prefix = "tenant-";

    private static readonly ObjectKey Repository = new("default", "in-use");

    // Families whose series come with what happens. docs/metrics.md lists all values of their labels.
    private static readonly string[] ComingLater = ["rest_client_", "dotnet_"];

    // Exceptions that the program and its libraries throw.
    private static readonly string[] Exceptions =
    [
        "HttpIOException", "HttpRequestException", "IOException", "JsonException", "KubernetesApiException", "ObjectDisposedException",
        "OperationCanceledException", "SocketException", "TaskCanceledException", "TimeoutException",
    ];

    // What shows that many tenants fail, each of them for one of these reasons.
    private static readonly string[] Failures =
    [
        "ocm_not_ready{reason=\"ControlPlaneUnreachable\"}",
        "ocm_not_ready{reason=\"HelmReleaseFailed\"}",
        "ocm_not_ready{reason=\"InvalidVersion\"}",
        "ocm_not_ready{reason=\"LimitExceeded\"}",
        "ocm_not_ready{reason=\"RepositoriesExist\"}",
        "ocm_not_ready{reason=\"TenantNamespaceMissing\"}",
        "ocm_instances{phase=\"Terminating\"}",
        "service_provider_ocm_orphaned_objects{kind=\"HelmRelease\"}",
    ];

    [Test]
    public async Task Two_hundred_tenants_have_the_series_of_one_also_while_they_fail_and_when_they_are_deleted()
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
            $"--max-ocms-per-namespace={Tenants}",
            "--metrics-bind-address=127.0.0.1:0",
            "--metrics-secure=false");
        var metrics = new Uri(await worker.UrlAsync("metrics"), "metrics");
        var keys = Enumerable.Range(0, Tenants).Select(number => Ocm(world, number)).ToList();
        await world.ReadyTenantAsync(keys[0].Name);
        var ofOne = await SeriesAsync(metrics);
        Assert.That(ofOne, Has.Count.GreaterThan(200));

        await EachAsync(keys.Skip(1), async key =>
        {
            await world.ControlPlaneAsync(key);
            await world.ApplyOcmAsync(key);
        });
        await HasSeriesOfOneAsync("all tenants are Ready", series => series.GetValueOrDefault("ocm_instances{phase=\"Ready\"}") == $"{Tenants}");

        await FailAsync(world, keys);
        await HasSeriesOfOneAsync(
            "many tenants fail", series => Failures.All(failure => double.Parse(series[failure], CultureInfo.InvariantCulture) >= Many));

        await DeleteAsync(world);
        await HasSeriesOfOneAsync(
            "no OCM is left",
            series => series.Where(each => each.Key.StartsWith("ocm_instances{", StringComparison.Ordinal)).All(each => each.Value == "0"));

        async Task HasSeriesOfOneAsync(string state, Func<IReadOnlyDictionary<string, string>, bool> isReached)
        {
            var ofAll = await Eventually.Async(() => SeriesAsync(metrics), isReached, state, TimeSpan.FromMinutes(3));
            var listed = Listed(world.Platform.Url.Authority, world.Onboarding.Url.Authority);
            string[] names = [Prefix, world.Workspace, "mcp--"];
            using (Assert.EnterMultipleScope())
            {
                Assert.That(ofAll.Keys.Except(ofOne.Keys).Where(series => !listed.IsMatch(series)), Is.Empty, state);
                Assert.That(ofAll.Keys.Where(series => ComingLater.Any(series.StartsWith)).Where(series => !listed.IsMatch(series)), Is.Empty, state);
                Assert.That(ofAll.Keys.Where(series => names.Any(series.Contains)), Is.Empty, state);
            }
        }
    }

    // Of a fifth of the tenants each: the OCM is lost, its deletion is blocked, its control plane is unreachable, its version is invalid, its
    // chart fails. And there are more OCMs than the namespace may have, of which some have room instead of those that are lost.
    private static async Task FailAsync(ProviderWorld world, IReadOnlyList<ObjectKey> keys)
    {
        var fifths = keys.Index().GroupBy(each => each.Index % 5, each => each.Item).Select(fifth => fifth.ToList()).ToList();
        await world.Mcp.Api.ApplyAsync(PlatformKinds.Repository, new JsonObject
        {
            ["metadata"] = new JsonObject { ["namespace"] = Repository.Namespace, ["name"] = Repository.Name },
            ["spec"] = new JsonObject { ["interval"] = "1m", ["repositorySpec"] = new JsonObject() },
        });
        await EachAsync(fifths[0], async key =>
        {
            await world.DeleteOcmAsync(key);
            await world.Onboarding.Api.MergePatchAsync(
                world.Api.Ocm, key, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } });
        });
        await EachAsync(fifths[1], world.DeleteOcmAsync);
        var unreachable = fifths[2].Select(ProviderWorld.TenantNamespace).ToHashSet();
        var kubeconfig = world.McpKubeconfig.Replace(world.Mcp.Url.Authority, $"127.0.0.1:{LoopbackPort.Free()}", StringComparison.Ordinal);
        world.KubeconfigOf = request => unreachable.Contains(request.Namespace) ? kubeconfig : null;
        await world.ClusterProvider.RenewAsync();
        await EachAsync(fifths[3], key => world.ApplyOcmAsync(key, ".invalid"));
        var failing = fifths[4].Select(ProviderWorld.TenantNamespace).ToHashSet();
        world.Flux.StallsOn = release => failing.Contains(release.Namespace);
        await EachAsync(fifths[4], key => world.ApplyOcmAsync(key, "0.4.0"));
        await EachAsync(Enumerable.Range(Tenants, fifths[0].Count + Many).Select(number => Ocm(world, number)), key => world.ApplyOcmAsync(key));
    }

    private static async Task DeleteAsync(ProviderWorld world)
    {
        await world.Mcp.Api.DeleteAsync(PlatformKinds.Repository, Repository);
        world.KubeconfigOf = _ => null;
        await world.ClusterProvider.RenewAsync();
        await EachAsync((await world.Onboarding.Api.ListAllAsync(world.Api.Ocm)).Select(ocm => ocm.Key), world.DeleteOcmAsync);
    }

    private static Task EachAsync(IEnumerable<ObjectKey> ocms, Func<ObjectKey, Task> actAsync) =>
        Parallel.ForEachAsync(ocms, async (ocm, _) => await actAsync(ocm));

    private static ObjectKey Ocm(ProviderWorld world, int number) => world.Ocm($"{Prefix}{number}");

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
            |service_provider_ocm_(unreadable_objects_total{|broken_watches_total{cluster="control plane",)kind="user object"}
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
