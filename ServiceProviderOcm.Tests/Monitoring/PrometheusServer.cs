using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Files;

namespace ServiceProviderOcm.Tests.Monitoring;

/// <summary>A Prometheus that scrapes one target each second, with the job and namespace that the operator sets.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    public const string Job = "service-provider-ocm";
    public const string Namespace = "openmcp-system";

    private readonly TestFolder _folder;
    private readonly GuardedProcess _process;
    private readonly HttpClient _http;

    private PrometheusServer(TestFolder folder, GuardedProcess process, Uri url)
    {
        (_folder, _process) = (folder, process);
        _http = new HttpClient { BaseAddress = url };
    }

    /// <summary>Starts it.</summary>
    /// <param name="target">The metrics endpoint, with https.</param>
    /// <param name="caPem">The authority that its certificate is verified with.</param>
    /// <param name="token">Its bearer token.</param>
    /// <param name="rules">A file of rules.</param>
    public static async Task<PrometheusServer> StartAsync(Uri target, string caPem, string token, string rules)
    {
        var program = await PrometheusTools.FindAsync("prometheus");
        var folder = new TestFolder();
        folder.Write("ca.pem", caPem);
        folder.Write("token", token);
        folder.Write("rules.json", rules);
        var address = $"127.0.0.1:{FreePort()}";
        var process = GuardedProcess.Start(
            [
                program,
                $"--config.file={folder.Write("prometheus.yaml", Config(target).ToJsonString())}",
                $"--storage.tsdb.path={folder["data"]}",
                $"--web.listen-address={address}",
            ],
            folder["log"]);
        var server = new PrometheusServer(folder, process, new Uri($"http://{address}"));
        await Eventually.Async(
            async () => (await server._http.GetAsync(new Uri("/-/ready", UriKind.Relative))).IsSuccessStatusCode,
            "Prometheus is ready");
        return server;
    }

    /// <summary>The result of an instant query.</summary>
    public async Task<IReadOnlyList<JsonElement>> QueryAsync(string query) =>
        [.. (await GetAsync($"query?query={Uri.EscapeDataString(query)}")).Items("data", "result")];

    /// <summary>The field <c>data</c> of an answer of the API.</summary>
    /// <param name="path">Behind <c>/api/v1/</c>.</param>
    public async Task<JsonElement> GetAsync(string path)
    {
        using var response = await _http.GetAsync(new Uri($"/api/v1/{path}", UriKind.Relative));
        return JsonReading.Parse(await response.Content.ReadAsStringAsync());
    }

    /// <summary>The last lines of its log.</summary>
    public string LogTail() => _process.LogTail();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    // Others may take the port before Prometheus does, which then does not become ready.
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static JsonObject Config(Uri target) => new()
    {
        ["global"] = new JsonObject { ["scrape_interval"] = "1s", ["scrape_timeout"] = "1s", ["evaluation_interval"] = "1s" },
        ["rule_files"] = new JsonArray("rules.json"),
        ["scrape_configs"] = new JsonArray(new JsonObject
        {
            ["job_name"] = Job,
            ["scheme"] = target.Scheme,
            ["metrics_path"] = target.AbsolutePath,
            ["authorization"] = new JsonObject { ["credentials_file"] = "token" },
            ["tls_config"] = new JsonObject { ["ca_file"] = "ca.pem" },
            ["static_configs"] = new JsonArray(new JsonObject
            {
                ["targets"] = new JsonArray(target.Authority),
                ["labels"] = new JsonObject { ["namespace"] = Namespace, ["pod"] = "ocm-0" },
            }),
        }),
    };
}
