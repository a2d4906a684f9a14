using System.Web;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Tests.Support.Http;
using ServiceProviderOcm.Tests.Support.Metrics;

namespace ServiceProviderOcm.Tests.Kubernetes.Informers;

/// <summary>
/// An API server answers a list without resourceVersion, and a watch with initial events and without resourceVersion, with what there is: a
/// consistent read. Any other may be answered from a cache that lags behind.
/// </summary>
public sealed class ConsistentReadTests
{
    private const string Expired = """{"type":"ERROR","object":{"kind":"Status","status":"Failure","code":410,"reason":"Expired"}}""";
    private const string Broken = """{"type":"ERROR","object":{"kind":"Status","status":"Failure","code":500,"reason":"InternalError"}}""";
    private const string Change = """{"type":"ADDED","object":{"metadata":{"name":"b","namespace":"n","resourceVersion":"9"}}}""";
    private const string InitialEnd =
        """{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"7","annotations":{"k8s.io/initial-events-end":"true"}}}}""";

    private static readonly ScriptedServer.Answer First = Answers.Ok("""{"metadata":{"resourceVersion":"7","continue":"next"},"items":[]}""");
    private static readonly ScriptedServer.Answer Last = Answers.Ok("""{"metadata":{"resourceVersion":"7"},"items":[]}""");

    private static readonly TestCaseData[] Runs =
    [
        Run("at the start, page by page", false, "list, list", First, Last),
        Run("a page expires", false, "list, list, list", First, Answers.Error(410), Last),
        Run("a list fails", false, "list, list", Answers.Error(503), Last),
        Run("a watch expires", false, "list, watch@7, list", Last, Lines(Expired), Last),
        Run("watches are broken", false, "list, watch@7, watch@7, list", Last, Lines(Broken), Lines(Broken), Last),
        Run("a watch goes on after a change", false, "list, watch@7, watch@9", Last, Lines(Change), Lines()),
        Run("at the start, as a watch", true, "stream, watch@7", Lines(InitialEnd), Lines()),
        Run("a streamed list breaks off", true, "stream, stream", Lines(Change), Lines(InitialEnd)),
        Run("a watch that was streamed expires", true, "stream, stream", Lines(InitialEnd, Expired), Lines(InitialEnd)),
        Run("a server without streamed lists", true, "stream, list, watch@7, list", Answers.Error(422), Last, Lines(Expired), Last),
    ];

    [TestCaseSource(nameof(Runs))]
    public async Task An_informer_never_lists_from_the_past(bool streamsLists, string expected, IReadOnlyList<object> answers)
    {
        var idle = new TaskCompletionSource();
        using var server = new ScriptedServer([.. answers.Cast<ScriptedServer.Answer>(), Answers.Silence(idle.SetResult)]);
        var api = new KubernetesApi("here", server, ClientOptions.Default with { MaxRetries = 0 }, TimeProvider.System, TestMetrics.Create().Requests);

        await using var run = new InformerRun(api, options: new InformerOptions { StreamsLists = streamsLists });
        await idle.Task.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.That(string.Join(", ", server.Requests.Take(answers.Count).Select(NameOf)), Is.EqualTo(expected));
    }

    private static string NameOf(string request)
    {
        var query = HttpUtility.ParseQueryString(request.Split('?', 2)[1]);
        return (query["watch"], query["resourceVersion"], query["resourceVersionMatch"], query["sendInitialEvents"]) switch
        {
            (null, null, null, null) => "list",
            ("true", null, "NotOlderThan", "true") => "stream",
            ("true", { Length: > 0 } version, null, null) => $"watch@{version}",
            _ => request,
        };
    }

    private static ScriptedServer.Answer Lines(params string[] lines) =>
        Answers.Content(200, string.Concat(lines.Select(line => line + "\n")), "application/json");

    private static TestCaseData Run(string name, bool streamsLists, string expected, params object[] answers) =>
        new TestCaseData(streamsLists, expected, answers).SetArgDisplayNames(name);
}
