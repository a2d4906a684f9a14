using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Tests.Support.Connections;

internal static class TestConnections
{
    /// <summary>Asks the source's cluster for something and returns the status.</summary>
    public static async Task<int> AskAsync(this IConnectionSource source)
    {
        var connection = await source.GetAsync(CancellationToken.None);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(connection.BaseUri, "version"));
        using var response = await connection.SendAsync(request, CancellationToken.None);
        return (int)response.StatusCode;
    }

    public static ValueTask<ClusterConnection> GetAsync(this IConnectionSource source) => source.GetAsync(CancellationToken.None);

    /// <summary>A kubeconfig of one cluster and user, whose fields are given in YAML flow style, such as <c>a: b, c: d</c>.</summary>
    public static string Config(string cluster, string user = "", string name = "it") => $$"""
        apiVersion: v1
        kind: Config
        preferences: {}
        current-context: {{name}}
        clusters:
        - name: {{name}}
          cluster: { {{cluster}} }
        users:
        - name: {{name}}
          user: { {{user}} }
        contexts:
        - name: {{name}}
          context: { cluster: {{name}}, user: {{name}} }
        """;
}
