using System.Collections.Concurrent;
using k8s;
using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Tests.Support.Http;

/// <summary>Leads to a server that answers one request after the other as a test has written down.</summary>
public sealed class ScriptedServer : IConnectionSource, IDisposable
{
    private readonly ConcurrentQueue<Answer> _script;
    private readonly ConcurrentQueue<string> _requests = [];

    public ScriptedServer(params IEnumerable<Answer> script)
    {
        _script = new ConcurrentQueue<Answer>(script);
        Connection = new ClusterConnection(
            new k8s.Kubernetes(new KubernetesClientConfiguration { Host = "http://scripted.example" }, new Handler(this)));
    }

    /// <summary>Answers one request.</summary>
    public delegate Task<HttpResponseMessage> Answer(HttpRequestMessage request, CancellationToken cancellationToken);

    /// <summary>The one connection.</summary>
    public ClusterConnection Connection { get; }

    /// <inheritdoc/>
    public ReadShare? Share { get; init; }

    /// <summary>Method, path, query and body of each request.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    public ValueTask<ClusterConnection> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Connection);

    public void Dispose() => Connection.Dispose();

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        _requests.Enqueue($"{request.Method} {request.RequestUri!.PathAndQuery} {body}".TrimEnd());
        return _script.TryDequeue(out var answer)
            ? await answer(request, cancellationToken)
            : throw new InvalidOperationException($"not in the script: {request.Method} {request.RequestUri}");
    }

    private sealed class Handler(ScriptedServer server) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            server.AnswerAsync(request, cancellationToken);
    }
}
