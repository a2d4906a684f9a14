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
    /// <summary>Whether it can be sent twice: every request but the creation of an object with a generated name.</summary>
    public bool IsSafeToRepeat => Method != HttpMethod.Post;

    public bool IsWrite => Method != HttpMethod.Get;

    /// <summary>What is attempted, in words of this client: <c>patch secrets ns/name</c>.</summary>
    public string Attempt => AttemptText.Of(Method, Kind, Path);

    public HttpRequestMessage ToMessage(Uri server)
    {
        var message = new HttpRequestMessage(Method, new Uri(server, Path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (Body is not null)
        {
            message.Content = new ByteArrayContent(Body);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue(ContentType!);
        }

        return message;
    }
}
