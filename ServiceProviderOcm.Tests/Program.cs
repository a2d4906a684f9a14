using System.Globalization;
using System.Runtime.InteropServices;
using NUnit.Framework;
using ServiceProviderOcm.Tests.Bench;
using ServiceProviderOcm.Tests.Servers;

using var interrupted = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

try
{
    switch (args)
    {
        case ["bench", .. var numbers]:
            await Benchmark.RunAsync(Number(numbers, 0, 200), TimeSpan.FromSeconds(Number(numbers, 1, 60)), interrupted.Token);
            return 0;
        default:
            await Console.Error.WriteLineAsync("usage: bench [TENANTS [IDLE-SECONDS]]");
            return 2;
    }
}
catch (ResultStateException noServers)
{
    await Console.Error.WriteLineAsync(noServers.Message);
    return 3;
}
catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
{
    return 0;
}
finally
{
    await TestClusters.StopAsync();
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    interrupted.Cancel();
}

static int Number(string[] numbers, int index, int otherwise) =>
    index < numbers.Length ? int.Parse(numbers[index], CultureInfo.InvariantCulture) : otherwise;
