using System.Text;

namespace ServiceProviderOcm.Tests.Support.Http;

/// <summary>Sends something, and then nothing more.</summary>
/// <param name="content">What is sent.</param>
internal sealed class SilentStream(string content = "") : MemoryStream(Encoding.UTF8.GetBytes(content))
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await base.ReadAsync(buffer, cancellationToken);
        if (read == 0)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        return read;
    }
}
