using Microsoft.Extensions.Logging;
using Moq;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Kubeconfig;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Telemetry;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Watch;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Logging;

public sealed class OcmLinesTests
{
    private static readonly ObjectKey Ocm = new("project--ws", "mcp-01");

    [Test]
    public async Task Watches_for_an_OCM_log_the_OCM_and_not_the_reconciliation_that_started_them()
    {
        using var lines = new ScopedLines();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(lines));
        using var stop = new CancellationTokenSource();
        var platform = new Mock<IKubernetesApi>();
        platform.SetupGet(api => api.ClusterName).Returns("platform cluster");
        platform
            .Setup(api => api.ListAsync(It.IsAny<ResourceKind>(), It.IsAny<ListRequest>(), It.IsAny<CancellationToken>()))
            .Returns(RefuseAsync);
        var logger = loggers.CreateLogger<Informer>();
        var controlPlanes = new ControlPlanes(
            new KubeconfigConnector(name => new KubeconfigSecretSource(name, ClientOptions.Connection), _ => platform.Object),
            platform.Object,
            new ProviderApi(ProviderApi.DefaultGroup),
            new InformerFactory(new InformerOptions(), TimeProvider.System, new Random(1), logger),
            new InformerLimits(),
            new SharedMemory(long.MaxValue, "control planes"),
            _ => { },
            new ReadBudget(new ReadBudgetOptions(), TimeProvider.System),
            stop.Token);

        using (logger.BeginScope(new ObjectScope(Ocm, Guid.NewGuid())))
        {
            controlPlanes.Watch(Ocm, new ObjectKey("mcp--tenant", "kubeconfig"), ControlPlaneScope.UserObjects);
        }

        await Eventually.Async(() => lines.Lines.Count > 0, "something is logged");
        Assert.That(
            lines.Lines[0], Is.EqualTo("Watch of secrets on the platform cluster failed: you may not; retrying | namespace=project--ws name=mcp-01"));
        await stop.CancelAsync();
    }

    private static async Task<ListPage> RefuseAsync()
    {
        await Task.Yield();
        throw new KubernetesApiException(403, "Forbidden", "you may not");
    }
}
