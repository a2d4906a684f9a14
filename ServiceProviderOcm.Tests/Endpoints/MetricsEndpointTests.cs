using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using NUnit.Framework;
using ServiceProviderOcm.Tests.Support.Logs;
using ServiceProviderOcm.Tests.Support.Metrics;
using ServiceProviderOcm.Worker.Endpoints;
using ServiceProviderOcm.Worker.Settings;

namespace ServiceProviderOcm.Tests.Endpoints;

/// <summary>How metrics are served, as far as no API server is needed.</summary>
public sealed class MetricsEndpointTests
{
    [Test]
    public async Task Metrics_of_the_provider_and_the_runtime_are_served_as_Prometheus_text()
    {
        using var meter = new Meter("service-provider-ocm");
        await using var endpoints = await RunningEndpoints.StartAsync(Plain());
        meter.CreateCounter<int>("ocm.test.things").Add(3, new KeyValuePair<string, object?>("result", "good"));
        using var http = new HttpClient();
        using var answer = await http.GetAsync(endpoints.MetricsUrl);
        var text = await answer.Content.ReadAsStringAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(answer.Content.Headers.ContentType!.ToString(), Does.StartWith("text/plain; ").And.Contain("version=0.0.4"));
            Assert.That(text, Does.Match("""(?m)^ocm_test_things_total\{result="good"\} 3( [0-9]+)?$"""));
            Assert.That(text, Does.Contain("\ndotnet_"));
            Assert.That(text, Does.Not.Contain("otel_scope"));
        }
    }

    [Test]
    public async Task OpenMetrics_is_served_on_request()
    {
        await using var endpoints = await RunningEndpoints.StartAsync(Plain());
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Accept.ParseAdd("application/openmetrics-text; version=1.0.0");
        using var answer = await http.GetAsync(endpoints.MetricsUrl);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/openmetrics-text"));
            Assert.That(await answer.Content.ReadAsStringAsync(), Does.EndWith("# EOF\n"));
        }
    }

    [Test]
    public async Task Only_the_metrics_path_is_served()
    {
        await using var endpoints = await RunningEndpoints.StartAsync(Plain());
        using var http = new HttpClient();
        using var post = await http.PostAsync(endpoints.MetricsUrl, null);
        using var below = await http.GetAsync(new Uri(endpoints.MetricsUrl + "/more"));
        using var root = await http.GetAsync(new Uri(endpoints.MetricsUrl, "/"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(post.StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
            Assert.That(below.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
            Assert.That(root.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        }
    }

    [TestCase(false, "1.1")]
    [TestCase(true, "2.0")]
    public async Task HTTP_2_is_disabled_by_default(bool enable, string version)
    {
        await using var endpoints = await RunningEndpoints.StartAsync(Secure(options => options.EnableHttp2 = enable));
        using var http = MetricsClient.Create();
        using var request = new HttpRequestMessage(HttpMethod.Get, endpoints.MetricsUrl)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        using var answer = await http.SendAsync(request);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Version, Is.EqualTo(Version.Parse(version)));
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        }
    }

    [Test]
    public async Task A_self_signed_certificate_has_the_names_of_the_pod()
    {
        await using var endpoints = await RunningEndpoints.StartAsync(Secure(options =>
        {
            options.PodName = "provider-0";
            options.PodIp = "10.1.2.3";
        }));
        X509Certificate2? seen = null;
        using var http = MetricsClient.Create(certificate => seen = new X509Certificate2(certificate));
        using var answer = await http.GetAsync(endpoints.MetricsUrl);
        using (seen)
        using (Assert.EnterMultipleScope())
        {
            Assert.That(seen!.MatchesHostname("localhost"));
            Assert.That(seen.MatchesHostname("provider-0"));
            Assert.That(seen.MatchesHostname("10.1.2.3"));
            Assert.That(seen.GetECDsaPublicKey()!.KeySize, Is.EqualTo(256));
            Assert.That(
                seen.NotAfter.ToUniversalTime(),
                Is.EqualTo(TimeProvider.System.GetUtcNow().UtcDateTime.AddYears(1)).Within(TimeSpan.FromDays(1)));
        }
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("Bearer")]
    [TestCase("Bearer ")]
    [TestCase("Basic dXNlcjpwYXNzd29yZA==")]
    [TestCase("token")]
    public async Task A_request_without_a_bearer_token_is_rejected_without_a_review(string? authorization)
    {
        var access = new MetricsAccess(
            () => throw new AssertionException("a review was sent"), TimeProvider.System, new RecordingLogger<MetricsAccess>());
        Assert.That(await access.DecideAsync(authorization, client: null, default), Is.EqualTo(AccessDecision.Unauthenticated));
    }

    private static ProviderOptions Plain() => new() { MetricsBindAddress = "localhost:0", MetricsSecure = false };

    private static ProviderOptions Secure(Action<ProviderOptions>? configure = null)
    {
        var options = new ProviderOptions { MetricsBindAddress = "localhost:0" };
        configure?.Invoke(options);
        return options;
    }
}
