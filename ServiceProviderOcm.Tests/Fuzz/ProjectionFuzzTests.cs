using System.Text;
using System.Text.Json;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Tests.Fuzz;

/// <summary>Objects as the controller's clients keep them: projections, limits of fields, beginnings of texts, and shared values.</summary>
[NonParallelizable]
public sealed class ProjectionFuzzTests
{
    private static IReadOnlyList<ProductionClient> Clients => ProductionClient.All;

    [TestCaseSource(nameof(Clients))]
    public void Fields_that_are_kept_of_any_object_are_those_of_its_text(object client)
    {
        var it = (ProductionClient)client;
        var reader = new ObjectReader(it.Options);
        Assert.That(it.Objects.Select(good => Read(reader, it.Kind, Received(good))), Has.None.Null);

        Fuzzing.Run(
            it.Objects,
            ApiFuzzTests.Pieces,
            text =>
            {
                var json = Received(text);
                return (json, Read(reader, it.Kind, json));
            },
            (_, result) =>
            {
                if (result is (var json, { } read))
                {
                    KeptFields.Verify(it, read, json);
                }
            },
            longest: Fuzzing.Long);
    }

    [Test]
    public void Any_annotations_are_read()
    {
        var client = Clients.Single(client => client.Name == "OCM");
        var reader = new ObjectReader(client.Options);
        Fuzzing.Run(
            ["\"openmcp.cloud/operation\":\"ignore\"", "\"openmcp.cloud/operation\":\"reconcile\",\"a\":\"b\""],
            ApiFuzzTests.Pieces,
            text =>
            {
                var json = Received("""{"metadata":{"name":"a","annotations":{""" + text + "}}}");
                var read = Read(reader, client.Kind, json);
                return (
                    json,
                    read,
                    IsIgnore: read is not null && Operation.IsIgnore(read),
                    IsReconcile: read is not null && Operation.IsReconcile(read));
            },
            (_, result) =>
            {
                if (result.read is { } read)
                {
                    KeptFields.Verify(client, read, result.json);
                    var operation = read.Text("metadata", "annotations", Operation.Annotation);
                    Assert.That((result.IsIgnore, result.IsReconcile), Is.EqualTo((operation == "ignore", operation == "reconcile")));
                }
            },
            longest: Fuzzing.Long);
    }

    // As a connection delivers it.
    private static byte[] Received(string text)
    {
        using var received = new MemoryStream();
        using var sent = new RepairedJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(text)));
        sent.CopyToAsync(received).GetAwaiter().GetResult();
        return received.ToArray();
    }

    private static KubeObject? Read(ObjectReader reader, ResourceKind kind, byte[] json)
    {
        try
        {
            return reader.TryRead(kind, json, out var read, out _) ? read : null;
        }
        catch (Exception exception) when (exception is JsonException or TooLongException)
        {
            return null;
        }
    }
}
