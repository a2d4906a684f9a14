using System.Text;
using System.Text.Json;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Support.Http;
using ServiceProviderOcm.Tests.Support.Metrics;

namespace ServiceProviderOcm.Tests.Fuzz;

/// <summary>What API servers send: objects, lists, lines of watches, errors, and annotations in them.</summary>
[NonParallelizable]
public sealed class ApiFuzzTests
{
    private const string Managed =
        """{"manager":"a","operation":"Apply","fieldsType":"FieldsV1","fieldsV1":{"f:data":{"f:a":{},"k:{\"b\":1}":{".":{}}}}}""";

    private const string Object =
        """{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","namespace":"n","resourceVersion":"1","uid":"u","generation":2,"labels":{"l":"v"},"annotations":{"openmcp.cloud/operation":"ignore"},"finalizers":["f"],"managedFields":["""
            + Managed + """]},"data":{"a":"b"},"status":{"conditions":[{"type":"Ready","status":"True","lastTransitionTime":"2026-01-01T00:00:00Z"}]}}""";

    private const string Error =
        """{"kind":"Status","apiVersion":"v1","status":"Failure","message":"no","reason":"Expired","code":410,"details":{"retryAfterSeconds":9223372036854775807,"causes":[{"field":"a"}]}}""";

    private static readonly string[] Pieces =
    [
        "{}", "[]", "null", "true", "\"\"", "\"a\":", ",", "{\"a\":", "[[", "\\u0000", "\\ud800", "\\udc00", "\\ud83d\\ude00", "\"metadata\":",
        "\"managedFields\":[1]", "\"annotations\":{\"a\":1}", "\"labels\":[]", "\"type\":\"ERROR\"", "\"type\":\"BOOKMARK\"", "\"object\":", "\n",
        "\"continue\":\"x\"", "\"retryAfterSeconds\":-1", "1e999", "-0", Managed,
    ];

    private static readonly WatchRequest Watch = new("1", null, null, null, TimeSpan.FromMinutes(1));

    [Test]
    public void Any_object_is_read_or_rejected() => Fuzz(
        [Object, Error], api => api.GetAsync(Kinds.ConfigMap, new ObjectKey("n", "a"), default), Answers.Ok);

    [Test]
    public void Any_list_is_read_or_rejected() => Fuzz(
        [$$"""{"kind":"ConfigMapList","metadata":{"resourceVersion":"5","continue":"c"},"items":[{{Object}},{{Object}}]}"""],
        api => api.ListAsync(Kinds.ConfigMap, new ListRequest("n"), default),
        Answers.Ok);

    [Test]
    public void Any_watch_is_read_or_rejected() => Fuzz(
        [
            $$"""{"type":"ADDED","object":{{Object}}}""" + "\n" + $$"""{"type":"DELETED","object":{{Object}}}""" + "\n",
            """{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"7"}}}""" + "\n" + $$"""{"type":"ERROR","object":{{Error}}}""",
        ],
        async api =>
        {
            await foreach (var change in api.WatchAsync(Kinds.ConfigMap, Watch, default))
            {
                Use(change.Subject);
            }
        },
        Answers.Ok);

    [Test]
    public void Any_error_is_read() => Fuzz(
        [Error],
        api => api.GetAsync(Kinds.Secret, new ObjectKey("n", "a"), default),
        text => Answers.Content(422, text, "application/json", retryAfter: "3"));

    [Test]
    public void Any_annotations_are_read() => Fuzzing.Run(
        ["\"openmcp.cloud/operation\":\"ignore\"", "\"openmcp.cloud/operation\":\"reconcile\",\"a\":\"b\""],
        Pieces,
        text =>
        {
            try
            {
                Use(new KubeObject(JsonReading.Parse(Encoding.UTF8.GetBytes("""{"metadata":{"annotations":{""" + text + "}}}"))));
            }
            catch (JsonException)
            {
            }
        });

    private static void Fuzz(string[] corpus, Func<KubernetesApi, Task> ask, Func<string, ScriptedServer.Answer> answer) =>
        Fuzzing.Run(corpus, Pieces, text =>
        {
            using var server = new ScriptedServer(answer(text), Answers.Error(500));
            var api = new KubernetesApi(
                "here", server, ClientOptions.Default with { MaxRetries = 0 }, TimeProvider.System, TestMetrics.Create().Requests);
            try
            {
                ask(api).GetAwaiter().GetResult();
            }
            catch (KubernetesApiException)
            {
            }
        });

    private static void Use(KubeObject? read)
    {
        if (read is not null)
        {
            _ = (read.Key, read.Uid, read.Labels.Count, read.Annotations.Count, read.Finalizers.Count, read.IsBeingDeleted, read.Generation);
            _ = (Operation.IsIgnore(read), Operation.IsReconcile(read), read.ReadyCondition, read.ToString());
        }
    }
}
