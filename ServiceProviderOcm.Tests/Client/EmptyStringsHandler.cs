using System.Net.Http.Headers;
using System.Text;

namespace ServiceProviderOcm.Tests.Client;

/// <summary>
/// Some old servers (Debian's 1.20) turn an empty string in a list into null when it is applied, and then refuse it: puts another
/// word for the core API group there.
/// </summary>
public sealed class EmptyStringsHandler : DelegatingHandler
{
    private const string Apply = "application/apply-patch+yaml";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { Headers.ContentType.MediaType: Apply } content)
        {
            var body = await content.ReadAsStringAsync(cancellationToken);
            request.Content = new StringContent(
                body.Replace("[\"\"]", "[\"core\"]", StringComparison.Ordinal), Encoding.UTF8, new MediaTypeHeaderValue(Apply));
        }

        return await base.SendAsync(request, cancellationToken);
    }
}
