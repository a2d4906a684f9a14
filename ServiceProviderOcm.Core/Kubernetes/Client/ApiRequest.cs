using System.Net;
using System.Net.Http.Headers;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>One request, in a form that can be sent more than once.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Kind">What it is about.</param>
/// <param name="Path">Path and query, relative to the server's root.</param>
/// <param name="ContentType">Media type of the body.</param>
/// <param name="Body">Body, if any.</param>
internal sealed record ApiRequest(HttpMethod Method, ResourceKind Kind, string Path, string? ContentType = null, byte[]? Body = null)
{
    private const string Json = "application/json";
    private const string PartialList = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
    private const string Partial = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

    /// <summary>The media types of the answer, in the order of preference.</summary>
    public IReadOnlyList<string> Accept { get; init; } = [Json];

    /// <summary>Whether it can be sent twice: every request but the creation of an object with a generated name.</summary>
    public bool IsSafeToRepeat => Method != HttpMethod.Post;

    public bool IsWrite => Method != HttpMethod.Get;

    /// <summary>The media types for a list or, if not, a watch.</summary>
    public static IReadOnlyList<string> Accepted(bool isMetadataOnly, bool isList) =>
        isMetadataOnly ? [isList ? PartialList : Partial, Json] : [Json];

    /// <summary>What is attempted, in words of this client: <c>patch secrets ns/name</c>.</summary>
    public string Attempt => AttemptText.Of(Method, Kind, Path);

    public HttpRequestMessage ToMessage(Uri server)
    {
        var message = new HttpRequestMessage(Method, new Uri(server, Path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        foreach (var mediaType in Accept)
        {
            message.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(mediaType));
        }

        if (Body is not null)
        {
            message.Content = new ByteArrayContent(Body);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue(ContentType!);
        }

        return message;
    }
}
