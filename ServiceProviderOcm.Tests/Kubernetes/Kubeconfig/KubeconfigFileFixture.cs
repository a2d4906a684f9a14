using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Tests.Support.Certificates;
using ServiceProviderOcm.Tests.Support.Files;
using ServiceProviderOcm.Tests.Support.Http;
using ServiceProviderOcm.Tests.Support.Logs;

namespace ServiceProviderOcm.Tests.Kubernetes.Kubeconfig;

/// <summary>Tests that each have a folder for kubeconfigs and a server to connect to.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public abstract class KubeconfigFileFixture : IDisposable
{
    protected const string Anywhere = "server: https://one.example";

    private protected KubeconfigFileFixture() => Server = new TestServer(Pki.Server());

    private protected FakeTimeProvider Time { get; } = new();

    private protected RecordingLogger<KubeconfigFileSource> Logger { get; } = new();

    private protected TestPki Pki { get; } = new();

    private protected TestFolder Folder { get; } = new();

    private protected TestServer Server { get; }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        Server.Dispose();
        Folder.Dispose();
    }

    private protected KubeconfigFileSource Source(string kubeconfig, ConnectionOptions? options = null) =>
        new([Folder.Write("config", kubeconfig)], options ?? ClientOptions.Connection, Time, Logger);
}
