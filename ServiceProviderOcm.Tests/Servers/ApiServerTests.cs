using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Servers;

/// <summary>Tests of what API servers do. Each test has a namespace of its own.</summary>
public abstract class ApiServerTests(ServerUnderTest server)
{
    private static int _namespaces;

    private SandboxCluster? _own;
    private RawApi? _raw;

    /// <summary>The server.</summary>
    protected TestCluster Cluster { get; private set; } = null!;

    /// <summary>Requests as they go over the wire.</summary>
    private protected RawApi Raw => _raw!;

    /// <summary>The test's namespace.</summary>
    protected string Namespace { get; private set; } = "";

    /// <summary>The path of the namespace in the core group.</summary>
    protected string Core => $"api/v1/namespaces/{Namespace}";

    [OneTimeSetUp]
    public async Task Find_the_server()
    {
        if (server == ServerUnderTest.Sandbox)
        {
            _own = new SandboxCluster("sandbox", TestUsers.All());
            await _own.StartAsync(CancellationToken.None);
        }

        // The other two get and lose kinds all the time, which disturbs kubectl.
        Cluster = _own ?? (await TestClusters.GetAsync()).Mcp;
        _raw = new RawApi(Cluster);
    }

    [SetUp]
    public async Task Make_a_namespace()
    {
        Namespace = $"server-tests-{Interlocked.Increment(ref _namespaces)}";
        await Cluster.Api.ApplyAsync(Kinds.Namespace, new JsonObject { ["metadata"] = new JsonObject { ["name"] = Namespace } });
    }

    [OneTimeTearDown]
    public async Task Leave_the_server()
    {
        _raw?.Dispose();
        if (_own is not null)
        {
            await _own.DisposeAsync();
        }
    }

    /// <summary>The path of the namespace in a group and version.</summary>
    protected string In(string groupVersion) => $"apis/{groupVersion}/namespaces/{Namespace}";
}
