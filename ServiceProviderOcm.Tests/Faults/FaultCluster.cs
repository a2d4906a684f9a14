using System.Net.Http.Headers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Sandbox.ApiServer;
using ServiceProviderOcm.Sandbox.ApiServer.Access;
using ServiceProviderOcm.Sandbox.ApiServer.Storage;
using ServiceProviderOcm.Sandbox.Demo.Clusters;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Certificates;

namespace ServiceProviderOcm.Tests.Faults;

/// <summary>A server of the sandbox without a network.</summary>
internal sealed class FaultCluster : IAsyncDisposable
{
    private const string User = "admin";
    private const string Token = "token";

    // The same in all runs, so that kubeconfigs are equal.
    private static readonly string AuthorityPem = new TestPki("faults").Pem;

    private readonly Activity _activity;

    public FaultCluster(string name, StoreState? state, int history, bool hasWatchList, TimeProvider time, Activity activity)
    {
        Name = name;
        _activity = activity;
        Server = new SandboxServer(
            new SandboxOptions(name, [new SandboxUser(User, Token, [SandboxUser.Masters])])
            {
                State = state,
                HistoryLimit = history,
                RequestLimit = 100,
                HasWatchList = hasWatchList,
                BookmarkInterval = TimeSpan.FromDays(1),
            },
            time);
        Api = CreateApi("test");
    }

    /// <summary>Such as <c>platform</c>.</summary>
    public string Name { get; }

    public SandboxServer Server { get; }

    /// <summary>The way to the server.</summary>
    public Link Link { get; } = new();

    /// <summary>Arranges what tests need.</summary>
    public TestKubernetesApi Api { get; }

    private Uri Url => new($"https://{Name}.test/");

    public string Kubeconfig => LocalKubeconfig.Of(Name, Url, AuthorityPem, User, Token);

    /// <summary>An object as the server has it; null if it does not exist.</summary>
    public KubeObject? Find(ResourceKind kind, ObjectKey key) =>
        Server.State.Find(kind.QualifiedPlural, new StoreKey(key.Namespace, key.Name)) is { } found ? new KubeObject(found) : null;

    /// <summary>Sends requests to the server.</summary>
    public HttpMessageInvoker CreateInvoker() => new(new InProcessHandler(Server, Link, _activity));

    /// <summary>A client for tests and stand-ins.</summary>
    public TestKubernetesApi CreateApi(string fieldManager)
    {
        var http = new HttpClient(new InProcessHandler(Server, Link, _activity)) { BaseAddress = Url, Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        http.DefaultRequestHeaders.UserAgent.ParseAdd(fieldManager);
        return new TestKubernetesApi(Name, fieldManager, http);
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        Link.Sever();
        await Server.DisposeAsync();
        Link.Dispose();
    }
}
