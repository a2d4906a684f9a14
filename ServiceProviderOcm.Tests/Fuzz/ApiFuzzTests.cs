using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Support.Http;
using ServiceProviderOcm.Tests.Support.Metrics;

namespace ServiceProviderOcm.Tests.Fuzz;

/// <summary>What API servers send: objects, lists, lines of watches and errors, as the controller's clients read them.</summary>
[NonParallelizable]
public sealed class ApiFuzzTests
{
    private const string Error =
        """{"kind":"Status","apiVersion":"v1","status":"Failure","message":"no","reason":"Expired","code":410,"details":{"retryAfterSeconds":9223372036854775807,"causes":[{"field":"a"}]}}""";

    /// <summary>Pieces of JSON, and of objects.</summary>
    internal static readonly string[] Pieces =
    [
        "{}", "[]", "null", "true", "\"\"", "\"a\":", ",", "{\"a\":", "[[", "\\u0000", "\\ud800", "\\udc00", "\\ud83d\\ude00", "\"metadata\":",
        "\"managedFields\":[1]", "\"annotations\":{\"a\":1}", "\"labels\":[]", "\"type\":\"ERROR\"", "\"type\":\"BOOKMARK\"", "\"object\":", "\n",
        "\"continue\":\"x\"", "\"retryAfterSeconds\":-1", "1e999", "-0", ProductionClient.Managed,
    ];

    private static readonly WatchRequest Watch = new("1", null, null, null, TimeSpan.FromMinutes(1));

    private static IReadOnlyList<ProductionClient> Clients => ProductionClient.All;

    // Errors have no kind: one client of each cluster that answers differently.
    private static IEnumerable<ProductionClient> OfSecrets => Clients.Where(client => client.Kind == Kinds.Secret);

    [TestCaseSource(nameof(Clients))]
    public void Any_object_is_read_or_rejected(object client) => Fuzz(
        client, it => [.. it.Objects, Error], (api, kind) => api.GetAsync(kind, new ObjectKey("n", "a"), default), Answers.Ok);

    [TestCaseSource(nameof(Clients))]
    public void Any_list_is_read_or_rejected(object client) => Fuzz(
        client,
        it => [$$"""{"kind":"List","metadata":{"resourceVersion":"5","continue":"c"},"items":[{{string.Join(',', it.Objects)}}]}"""],
        (api, kind) => api.ListAsync(kind, new ListRequest("n"), default),
        Answers.Ok);

    [TestCaseSource(nameof(Clients))]
    public void Any_watch_is_read_or_rejected(object client) => Fuzz(
        client,
        it =>
        [
            .. it.Objects.Select(each => $$"""{"type":"ADDED","object":{{each}}}""" + "\n" + $$"""{"type":"DELETED","object":{{each}}}""" + "\n"),
            """{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"7"}}}""" + "\n" + $$"""{"type":"ERROR","object":{{Error}}}""",
        ],
        async (api, kind) =>
        {
            await foreach (var change in api.WatchAsync(kind, Watch, default))
            {
                Use(change.Subject);
            }
        },
        Answers.Ok);

    [TestCaseSource(nameof(OfSecrets))]
    public void Any_error_is_read(object client) => Fuzz(
        client,
        _ => [Error],
        (api, kind) => api.GetAsync(kind, new ObjectKey("n", "a"), default),
        text => Answers.Content(422, text, "application/json", retryAfter: "3"));

    private static void Fuzz(
        object client,
        Func<ProductionClient, string[]> corpus,
        Func<KubernetesApi, ResourceKind, Task> ask,
        Func<string, ScriptedServer.Answer> answer)
    {
        var it = (ProductionClient)client;
        var (options, metrics) = (it.Options with { MaxRetries = 0 }, TestMetrics.Create().Requests);
        Fuzzing.Run(
            corpus(it),
            Pieces,
            text =>
            {
                using var server = new ScriptedServer(answer(text), Answers.Error(500));
                var api = new KubernetesApi("here", server, options, TimeProvider.System, metrics);
                try
                {
                    ask(api, it.Kind).GetAwaiter().GetResult();
                }
                catch (KubernetesApiException)
                {
                }
            },
            longest: Fuzzing.Long);
    }

    private static void Use(KubeObject? read)
    {
        if (read is not null)
        {
            _ = (read.Key, read.Uid, read.Labels.Count, read.Annotations.Count, read.Finalizers.Count, read.IsBeingDeleted, read.Generation);
            _ = (Operation.IsIgnore(read), Operation.IsReconcile(read), read.ReadyCondition, read.ToString());
        }
    }
}
