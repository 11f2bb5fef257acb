using MicroAppBot.Stores.LiteDb;

namespace MicroAppBot.Tests.Stores;

/// <summary>The log as a power cut may leave it.</summary>
public sealed class PageLogTests : IDisposable
{
    private const int Page = 8192;
    private const int Stride = Page + 16;
    private const int Head = 4096;
    private readonly TestFolder _folders = new();
    private readonly string _path;

    public PageLogTests() => _path = Path.Combine(_folders.New(), "log");

    public void Dispose() => _folders.Dispose();

    [Fact]
    public void Confirmed_pages_are_there_again()
    {
        Write((1, false), (2, true), (3, true));
        Assert.Equal([1, 2, 3], Read());
    }

    [Fact]
    public void Pages_behind_the_last_confirmed_one_are_not()
    {
        Write((1, true), (2, false), (3, false));
        Assert.Equal([1], Read());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    public void The_log_ends_before_the_transaction_with_the_first_page_that_is_not_whole(int torn, int left)
    {
        Write((1, true), (2, true), (3, false), (4, true), (5, true));
        using (var file = File.OpenWrite(_path))
        {
            // The second half of the page never reached the disk
            file.Position = Head + torn * Stride + Page / 2;
            file.Write(new byte[Page / 2]);
        }
        Assert.Equal(Enumerable.Range(1, left), Read());
    }

    [Fact]
    public void Pages_of_an_older_generation_never_come_back()
    {
        using (var log = new PageLog(_path))
        {
            Append(log, (1, true), (2, true), (3, true));
            log.SetLength(0);
            Append(log, (9, true));
        }
        Assert.Equal([9], Read());
        using (var log = new PageLog(_path)) log.SetLength(0);
        Assert.Empty(Read());
    }

    [Fact]
    public void What_was_recovered_has_to_be_emptied_before_it_is_written_to()
    {
        Write((1, true));
        using var log = new PageLog(_path);
        Assert.Throws<InvalidOperationException>(() => Append(log, (2, true)));
        log.SetLength(0);
        Append(log, (2, true));
        Assert.Equal(1, log.Confirmed);
        log.WaitForConfirmed(1);
    }

    [Fact]
    public void A_head_that_cannot_be_read_is_said_and_not_guessed()
    {
        Write((1, true));
        using (var file = File.OpenWrite(_path)) file.Write([1, 2, 3]);
        Assert.Throws<InvalidDataException>(() => new PageLog(_path));
    }

    private void Write(params (byte Mark, bool Confirmed)[] pages)
    {
        using var log = new PageLog(_path);
        Append(log, pages);
    }

    private static void Append(PageLog log, params (byte Mark, bool Confirmed)[] pages)
    {
        log.Position = log.Length;
        foreach (var (mark, confirmed) in pages)
        {
            var page = new byte[Page];
            Array.Fill(page, mark);
            page[18] = confirmed ? (byte)1 : (byte)0;
            log.Write(page, 0, Page);
        }
    }

    private int[] Read()
    {
        using var log = new PageLog(_path);
        var page = new byte[Page];
        var marks = new List<int>();
        while (log.Read(page, 0, Page) == Page) marks.Add(page[^1]);
        return [.. marks];
    }
}
